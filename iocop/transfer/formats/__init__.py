"""A pack written out: for the page, as Markdown, as a Word document, as a PDF."""
