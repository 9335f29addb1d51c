"""The ballot box: a database of its own, in which nothing tells when, or in which order, ballots came."""
