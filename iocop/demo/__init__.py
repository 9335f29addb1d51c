"""A made-up community to look at and to test against. (Facet: technology)"""
