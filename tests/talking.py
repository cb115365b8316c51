"""Documents about who may talk to whom, which several test files ask."""

from __future__ import annotations

POST = """
query Post($id: ID!) { node(id: $id) { ... on Post {
  id text version replyPolicy quotePolicy isSensitive isHidden quoteCount replyCount
  viewerCanReply viewerCanQuote viewerCanHide
  facets { start end feature { __typename ... on MentionFacet { user { handle } } ... on HashtagFacet { hashtag { name } }
    ... on LinkFacet { url } } }
  quotedPost { __typename ... on UnavailablePost { reason } ... on Post { id } }
  replies(first: 50) { edges { node { __typename ... on Post { id } } } }
  hiddenReplies(first: 50) { edges { node { __typename ... on Post { id isHidden } } } }
  quotes(first: 50) { edges { node { id } } }
} } }
"""
CHANGED = """
subscription Changed($ids: [ID!]!, $after: String) { postsChanged(ids: $ids, after: $after) { __typename cursor
  ... on PostChanged { post { id version replyPolicy quotePolicy isSensitive isHidden quoteCount
    viewerCanReply viewerCanQuote viewerCanHide quotedPost { __typename ... on UnavailablePost { reason } } } } } }
"""
THREAD = """
mutation Thread($input: CreateThreadInput!) { createThread(input: $input) {
  posts { id text author { handle } replyTo { ... on Post { id } } visibility replyPolicy }
  edges { node { id } } userErrors { code path message } } }
"""


def mutation(name: str) -> str:
    """A mutation that answers with a post."""
    kind = name[0].upper() + name[1:]
    return f"""mutation Do($input: {kind}Input!) {{ {name}(input: $input) {{
        post {{ id replyPolicy quotePolicy isSensitive isHidden viewerCanReply }} userErrors {{ code path message }} }} }}"""
