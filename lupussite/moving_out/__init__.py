"""Everything an owner has, out of the site: as JSON that comes back as an equal site, or as WordPress reads it."""
