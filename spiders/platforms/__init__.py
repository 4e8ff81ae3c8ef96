"""One file per platform: the software or format that many sources share."""
