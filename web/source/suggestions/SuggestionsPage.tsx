import { Suspense } from 'react';
import { PostSkeletons } from '~/design/Skeleton';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import { SignedOut } from '~/session/SignedOut';
import { useViewer } from '~/session/viewer';
import { Page } from '~/shell/Page';
import Suggestions from './Suggestions';

const AsideWall = later(() => import('~/explore/AsideWall'));

/** Whom one might follow, and why. */
export function Component() {
  const text = useText();
  const viewer = useViewer();
  return (
    <Page
      title={text.suggested.title}
      back
      aside={
        <Suspense>
          <AsideWall />
        </Suspense>
      }
    >
      {viewer ? (
        <Suspense fallback={<PostSkeletons label={text.common.loading} />}>
          <Suggestions all />
        </Suspense>
      ) : (
        <SignedOut title={text.suggested.signedOut} text={text.signing.signedOutText} />
      )}
    </Page>
  );
}
