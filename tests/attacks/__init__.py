"""Every threat of docs/threats.md, from outside, against the running application."""
