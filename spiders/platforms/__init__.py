"""One module per platform: a software or format that many sources share."""
