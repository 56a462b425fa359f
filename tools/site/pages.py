"""Copies the repository's pages for the site. Links to what is no page lead to the repository; one that leads nowhere fails.

Usage: python3 tools/site/pages.py FOLDER REPOSITORY-URL"""
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER, URL = Path(sys.argv[1]), sys.argv[2]
PAGES = {'README.md': 'index.md', 'samples/README.md': 'samples/index.md',
         **{name: name for name in ('CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'THIRD-PARTY-NOTICES.md')},
         **{f'docs/{page.name}': f'docs/{page.name}' for page in sorted((ROOT / 'docs').glob('*.md'))}}


def link(page, target):
    path, _, anchor = target.partition('#')
    if not path or '://' in path or path.startswith('mailto:'):
        return target
    file = os.path.normpath(os.path.join(os.path.dirname(page), path))
    if not (ROOT / file).exists():
        sys.exit(f'{page}: got a link to {path}, which is not in the repository')
    if file not in PAGES:
        return f'{URL}/blob/main/{file}'
    return os.path.relpath(PAGES[file], os.path.dirname(PAGES[page])) + (f'#{anchor}' if anchor else '')


for page, name in PAGES.items():
    text = re.sub(r'\]\(([^) ]+)\)', lambda found: f']({link(page, found[1])})', (ROOT / page).read_text())
    (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(text)
# The order of the README's links, then what it doesn't name.
docs = [name for name in PAGES if name.startswith('docs/')]
first = re.findall(r'\]\((docs/[a-z-]+\.md)', (ROOT / 'README.md').read_text())
docs.sort(key=lambda name: first.index(name) if name in first else len(first))
titles = {name: (ROOT / name).read_text().splitlines()[0].lstrip('# ') for name in docs}
toc = ''.join(f'- name: {json.dumps(titles[name])}\n  href: {Path(name).name}\n' for name in docs)
(FOLDER / 'docs/toc.yml').write_text(toc)
(FOLDER / 'toc.yml').write_text((ROOT / 'tools/site/toc.yml').read_text())
