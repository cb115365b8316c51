import { graphql } from 'react-relay/hooks';

/** The chats of a folder. */
export const FOLDER_QUERY = graphql`
  query folderQuery($folder: ChatFolder!) {
    viewer {
      ...ChatList_viewer @arguments(folder: $folder)
    }
  }
`;

export type Folder = 'INBOX' | 'REQUESTS';
