/* global document, GraphiQL, MutationObserver, React, ReactDOM */
// Runs in the browser: opens GraphiQL on the example questions that the page carries.
const root = document.getElementById('graphiql');

// GraphiQL offers no setting for long lines, and a question whose fields run out of sight cannot be read.
new MutationObserver((_changes, observer) => {
  const editor = root.querySelector('.graphiql-query-editor .CodeMirror');
  if (!editor) return;
  editor.CodeMirror.setOption('lineWrapping', true);
  observer.disconnect();
}).observe(root, { childList: true, subtree: true });

ReactDOM.createRoot(root).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: JSON.parse(document.getElementById('examples').textContent),
    defaultQuery: '# Ctrl-Space completes, Ctrl-Enter runs; the book on the left explains every field.\n\n',
  }),
);
