"""Data Docs open without a network."""

from __future__ import annotations

import re

from expectations.docs import without_network

REMOTE = """<html><head><title>x</title>
<link rel="stylesheet" href="https://example.org/a.css"><script src="https://example.org/a.js"></script>
<style>.b { background: url('https://example.org/b.png') }</style></head>
<body><img src="https://example.org/logo.png"><a href="../../index.html">Home</a>
<a href="https://example.org/">there</a><a href="#section-1">here</a><script>go()</script></body></html>"""


def test_nothing_remote_and_no_script_is_left():
    page = without_network(REMOTE, title="Suite <1>")
    assert "example.org" not in page
    assert "//" not in page
    assert not re.search(r"<(script|link|img|iframe)\b", page)


def test_links_within_the_pages_stay():
    page = without_network(REMOTE, title="Suite <1>")
    assert 'href="index.html"' in page
    assert 'href="#section-1"' in page
    assert "<title>Suite &lt;1&gt;</title>" in page
    assert page.count("<style>") == 1
