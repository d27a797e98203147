"""What `make check` asks of catalogues and templates beyond the usual tools."""
