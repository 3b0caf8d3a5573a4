"""Models in a folder: described in YAML as VFrame does, or taggers in the WD14 layout."""
