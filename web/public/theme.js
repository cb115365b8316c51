// Before the first paint, so that a chosen theme never flashes; the language likewise, for who reads the page aloud.
try {
  const root = document.documentElement;
  const theme = localStorage.getItem('fresque.theme');
  if (theme === 'light' || theme === 'dark') {
    root.dataset.theme = theme;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.content = theme === 'dark' ? '#131210' : '#fdfcfa';
  }
  const language = localStorage.getItem('fresque.language') ?? navigator.language;
  root.lang = language.startsWith('fr') ? 'fr' : 'en';
} catch {
  // Storage is closed to this page: the system's theme it is.
}
