// A certified OpenID provider (oidc-provider), for tests.
//
//   node identity-provider.mjs ADDRESS-TO-COME-BACK-TO CLIENT-SECRET PEOPLE
//
// Listens on a free port and prints {"port": N} when ready. It is "localhost", so that to browsers it
// is another site than 127.0.0.1. Its own sign-in page takes any login of PEOPLE, a JSON object of
// claims by login. PKCE is required.

import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [redirectUri, secret, people] = process.argv.slice(2);
const known = JSON.parse(people);
const server = createServer();
server.listen(0, 'localhost', () => {
  const { port } = server.address();
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [
      { client_id: 'liftwacht', client_secret: secret, redirect_uris: [redirectUri] },
    ],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username', 'roles'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, login) => ({
      accountId: login,
      claims: async () => ({ ...known[login], sub: login }),
    }),
    cookies: { keys: ['only for tests'] },
  });
  server.on('request', provider.callback());
  console.log(JSON.stringify({ port }));
});
