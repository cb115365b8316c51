"""Arguments: what each means, wherever it stands."""

from __future__ import annotations

from graphql import GraphQLObjectType, GraphQLSchema

ARGUMENTS = {
    "first": "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.",
    "after": "Only what comes after this cursor of the list.",
    "last": "How many from the end, 1 to 100; not together with `first`.",
    "before": "Only what comes before this cursor of the list.",
    "id": "A global id.",
    "ids": "Global ids, at most 100.",
    "handle": "A handle, in any case, with or without @.",
    "prefix": "How a handle begins, in any case, with or without @; nobody is found for what no handle can begin with.",
    "name": "A hashtag, in any case, with or without #.",
    "size": "How large the picture is wanted.",
    "code": "The code of a preset, or of a style.",
    "ticket": "What `POST /verify` gave for the picture.",
    "userId": "The global id of a person; garbage is on no list.",
    "postId": "The global id of a post; garbage is on no board.",
    "count": "How many at most: 1 to 30, of months 1 to 24.",
    "subjectKind": "Only cases about this sort of thing; left out or null, of all.",
    "assignedToMe": "True: only cases that the viewer has taken.",
    "urgent": "True: only cases that are to be looked at before the rest.",
    "archived": "True: those that are put away; false: the others.",
    "query": "Words that must all be in it, in any case: at most 8, of 200 characters in all. Left out, everything.",
    "text": "What is looked for: words, phrases, tags and operators, at most 400 characters.",
    "begun": "What is written so far: words that must all be in it, in any case; at most 8, of 200 characters in all.",
    "input": "What is to be done.",
    "dryRun": "True at the root of a query: run nothing but `rateLimit`, take one point, and tell what the whole would cost.",
    "language": "Only what is written in this language (ISO 639-1, such as `fr`); left out, all together.",
    "folder": "INBOX: those they take part in; REQUESTS: those they are asked into.",
    "words": "Words that must all be in it, in any case, the last as a beginning, too: at most 20, of 200 characters in all. None: nothing.",
    "chatId": "Only of this chat; left out, of all.",
    "state": "Only what is in this state; left out, all.",
    "rules": "What a feed would show.",
    "parameters": "The query string with which an app sent somebody to `/authorize`, as it came; at most 8,000 characters.",
    "kinds": "Only these kinds, at most 20; left out or empty, all.",
}
AFTER_EVENT = "Where to go on: a `liveCursor`, or the `cursor` of the last event one has. Left out: from now on."


def describe_arguments(schema: GraphQLSchema) -> None:
    """Give every argument its description. Raises KeyError for one that has none."""
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType) or kind.name.startswith("__"):
            continue
        for field in kind.fields.values():
            for name, argument in field.args.items():
                live = kind is schema.subscription_type and name == "after"
                argument.description = AFTER_EVENT if live else ARGUMENTS[name]
