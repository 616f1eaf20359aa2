package devmail

// styleSheet is the only style sheet of the pages; the policy allows it by its hash.
const styleSheet = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:60rem;padding:1rem}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:.4rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid color-mix(in srgb,currentColor 25%,transparent);padding:1rem}
iframe{border:1px solid color-mix(in srgb,currentColor 25%,transparent);width:100%;height:40rem;background:#fff}
nav{margin:1rem 0}`
