"""Looking at the web before anything is kept: what a site could give, a source on trial, a new source file."""
