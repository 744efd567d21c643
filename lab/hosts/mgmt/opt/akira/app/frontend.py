"""The lab's frontend: one page that asks the backend."""

from web import VERSION, serve

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Akira staging</title>
<h1>Akira staging</h1>
<p>Version VERSION. Call attempts on record: <b id="attempts">…</b></p>
<script>
fetch('/api/calls').then(r => r.json()).then(c => { attempts.textContent = c.attempts ?? c.error })
</script>
</html>
"""

serve("akira-frontend", 8090, {"/": lambda: (200, "text/html; charset=utf-8", PAGE.replace("VERSION", VERSION))})
