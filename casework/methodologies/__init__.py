"""Rating methodologies as data, one TOML file each (``casework.methodology`` reads them)."""
