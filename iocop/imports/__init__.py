"""What a community gathered elsewhere, with its authors, licences and history. (Facet: technology)"""
