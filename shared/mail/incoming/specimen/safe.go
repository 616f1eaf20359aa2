package specimen

// safe shows what the safe HTML leaves out.
func safe() []Mail {
	var all []Mail
	for _, c := range []struct {
		name, body  string
		html, never []string
	}{
		{"scripts", `<p onclick="x()">OK</p><script>alert(1)</script><svg onload=x()></svg>`, []string{"<p>OK</p>"}, []string{"script", "onclick", "alert", "svg"}},
		{"remote pictures", `<p>OK<img src="https://track.example/p.gif" alt="logo"><img src=//track.example/q></p>`, []string{"OK[logo]"}, []string{"<img", "track.example"}},
		{"styles and what they load", `<style>body{background:url(https://track.example/x)}</style><p style="background:url(https://track.example/y)" class="a" id="b">OK</p>`, []string{"<p>OK</p>"}, []string{"url(", "style", "class", "track"}},
		{"links", `<a href="https://customer.example/?a=1&amp;b=2" onclick="x()">here</a>`, []string{`href="https://customer.example/?a=1&amp;b=2"`, "nofollow", "noreferrer", "noopener", `target="_blank"`}, []string{"onclick"}},
		{"links that run", `<p>OK <a href="javascript:alert(1)">a</a> <a href=" &#x6a;avascript:alert(1)">b</a> <a href="data:text/html,x">c</a> <a href="vbscript:x">d</a></p>`, []string{"OK a b c d"}, []string{"script:", "href", "data:"}},
		{"forms and frames", `<p>OK</p><form action="https://track.example"><input name=a><button>go</button></form><iframe src="https://track.example"></iframe><object data=x></object>`, []string{"<p>OK</p>"}, []string{"form", "input", "button", "frame", "object", "track"}},
		{"ends of the page around", `</div></td></table></body><p>OK</p></div></div>`, []string{"<p>OK</p>"}, []string{"</div>", "</table>", "</td>"}},
		{"parts of a table without one", `<tr><td>OK</td></tr><p>then</p>`, []string{"OK", "<p>then</p>"}, []string{"<td", "</td", "<tr"}},
		{"what is not closed", `<div><b>OK <i>42`, []string{"<div><b>OK <i>42</i></b></div>"}, nil},
		{"colours of answers", `<p><span style="color:#FF0000;mso-x:y">AP-500</span> <font color="blue">x</font></p>`, []string{`<font color="#ff0000">AP-500</font>`, `<font color="blue">x</font>`}, []string{"mso"}},
		{"tables", `<table><tr><td colspan="2" style="x">a</td></tr></table>`, []string{`<td colspan="2">a</td>`, "</table>"}, []string{"style"}},
		{"a base that turns links", `<base href="https://track.example/"><p>OK <a href="log">log</a></p>`, []string{"OK log"}, []string{"base", "track", "href"}},
		{"comments of Outlook", `<!--[if mso]><p>no</p><![endif]--><p>OK</p>`, []string{"<p>OK</p>"}, []string{"mso", "no<"}},
		{"text that looks like a mark", `<p>&lt;script&gt;x&lt;/script&gt; &lt;img src="attachment:0"&gt;</p>`, []string{"&lt;script&gt;"}, []string{"<script", "<img"}},
		{"pictures that are not there", `<p>OK <img src="cid:gone@customer"><img src="attachment:3"></p>`, []string{"OK"}, []string{"<img", "gone"}},
	} {
		all = append(
			all,
			Mail{
				Name: "safe: " + c.name,
				Rule: "the safe HTML has only harmless elements",
				Raw:  page("", c.body),
				Want: Want{HTML: c.html, Never: c.never},
			},
		)
	}
	return all
}
