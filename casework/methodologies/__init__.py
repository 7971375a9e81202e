"""Rating methodologies as data, one TOML file each (``casework.ratings.methodology`` reads them)."""
