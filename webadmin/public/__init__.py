"""What anybody may read: rules of procedure, deadlines, figures, and how they are counted.

Rooms: ``words`` (every sentence, for the workers' catalogs), ``speaking`` (one language, with its
numbers and dates), ``procedure`` (the rules and their deadlines), ``figures`` (tables of the public
releases), ``downloads`` (the same as CSV and JSON), ``page`` (the addresses).
"""
