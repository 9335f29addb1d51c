from flask import Flask
from flask_babel import Babel

from iocop.core.text.quote import quote
from iocop.core.text.render import render


def test_a_quotation_names_its_author_and_links_to_the_post() -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        quoted = quote("first\n\n```\ncode\n```\n", author="A. [Smith]_", url="/posts/7")

    assert quoted == "> [A. \\[Smith\\]\\_ wrote:](</posts/7>)\n>\n> first\n>\n> ```\n> code\n> ```\n\n"
    html = render(quoted + "my answer").html
    assert '<a href="/posts/7" rel="nofollow ugc noopener">A. [Smith]_ wrote:</a>' in html
    assert html.endswith("</blockquote>\n<p>my answer</p>")
