// graphql-eslint's presets for schemas, whole. The exceptions, and why:
// - strict-id-in-types: what clients keep inside its owner has no id of its own: answers, pages, events, values.
// - relay-edge-types may see other lists than `edges`: userErrors, facets, images and the like are short by a rule of
//   the house (tests/test_schema.py holds the list of them), and nothing that can grow is an unpaged list.
// Its edges may lead to what has no id of its own: versions of a post, steps of a lineage.
import graphql from '@graphql-eslint/eslint-plugin';

const recommended = graphql.configs['flat/schema-recommended'];
const relay = graphql.configs['flat/schema-relay'];
const values = [
  'ChatMember', 'ChatSettings', 'MessageReaction',
  'Capabilities', 'Credits', 'DraftImage', 'DraftPoll', 'DraftPost', 'DraftProblem', 'DraftRemix', 'DraftWish', 'Engine', 'EngineModel', 'FormField', 'GenerationInput', 'GenerationParent', 'GenerationQuote', 'Hashtag', 'PostCreation', 'PresetSetting',
  'TimelineReason', 'TrendingHashtag', 'Trends', 'PromptAddition', 'PromptEnhancement', 'RateLimit', 'UnavailablePost', 'Viewer',
  'AiDisclosure', 'EditReport', 'FollowOptions', 'GivenLabel', 'ImageCredentials', 'ImageMaking', 'ImageProof', 'ImageProvenance', 'ImageVerification', 'KeptCredentials', 'KnownImage', 'LabelDefinition', 'LabelWording', 'Labeler', 'Lineage', 'LineageStep', 'LinkCard', 'MadeWith', 'MaskFigures', 'NotificationSettings', 'NotificationSwitch', 'PollOption', 'PostFilter', 'PostNarrowing', 'PostVersion', 'PostVersionImage', 'PostVersionPoll', 'PromptPart', 'Recipe', 'RemixSource', 'Sharing', 'UnavailableRemixSource', 'UserMute', 'Viewing',
  'Email', 'Site',
];
const kept = ['ReadingPlace'];
const signing = ['AccountSecurity', 'AuthorizationRequest', 'LoginProvider', 'PendingLogin'];
const sought = ['SavedSearchChanged', 'SavedSearchRemoved', 'Search', 'SearchProblem'];
const custom = ['FeedFilters', 'FeedPreview', 'FeedProblem', 'FeedRules', 'FeedSource', 'FeedWeight'];
const gathered = ['BoardChanged', 'FollowSuggestion', 'PostInsightDay', 'PostInsights'];
const moderating = ['AutomodChange', 'AutomodDay', 'AutomodDefinition', 'AutomodExample', 'CaseEvidence', 'CaseNote', 'Desk', 'EvidenceMessage', 'Label', 'ModerationCount', 'ModerationLogLine', 'ModerationMonth', 'TeamMember'];
const events = [
  'ChatChanged', 'ChatRemoved', 'MemberRead', 'MemberTyping', 'MessageChanged', 'MessageHidden', 'MessageSent',
  'AuthorRemoved', 'DraftChanged', 'DraftPublished', 'DraftRemoved', 'JobChanged', 'JobProgressed', 'PostChanged', 'PostProgressed', 'PostPublished', 'PostRemoved', 'ReplyPublished', 'Reset',
  'FollowRequestEnded', 'FollowRequestReceived', 'NotificationChanged', 'NotificationRemoved', 'NotificationRequestsChanged', 'NotificationsRead', 'RemixRequestChanged',
];

export default [
  {
    files: ['schema.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
    plugins: { '@graphql-eslint': graphql },
    linterOptions: { noInlineConfig: true },
    rules: {
      ...recommended.rules,
      ...relay.rules,
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            suffixes: ['Payload', 'Connection', 'Edge', 'Info', 'Facet', 'Error', 'Failure', 'Output', 'Heartbeat'],
            types: [...values, ...kept, ...signing, ...sought, ...gathered, ...custom, ...moderating, ...events],
          },
        },
      ],
      // Whoever reported something is its reporter, whatever the type is called.
      '@graphql-eslint/no-typename-prefix': 'off',
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
    },
  },
];
