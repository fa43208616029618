// Observable Framework reads this: what the site is called, and where its pages are.
export default {
  title: 'Govblog',
  root: 'src',
  pages: [],
  search: false,
};
