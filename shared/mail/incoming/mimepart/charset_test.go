package mimepart

import "testing"

func TestEveryNameOfACharacterSetIsKnown(t *testing.T) {
	for label, c := range map[string]struct{ raw, want string }{
		"win-1251":       {"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
		"windows1251":    {"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
		"cp-1251":        {"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
		"cp-850":         {"Gr\x81\xe1e", "Grüße"},
		"cp850":          {"Gr\x81\xe1e", "Grüße"},
		"ibm-850":        {"Gr\x81\xe1e", "Grüße"},
		"CP_437":         {"Gr\x81\xe1e", "Grüße"},
		"cp852":          {"\x9faj", "čaj"},
		"dos-866":        {"\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"},
		"eucjp":          {"\xc3\xe3\xa4\xf2\xb0\xfb\xa4\xe0", "茶を飲む"},
		"ujis":           {"\xc3\xe3\xa4\xf2\xb0\xfb\xa4\xe0", "茶を飲む"},
		"euc_jp":         {"\xc3\xe3\xa4\xf2\xb0\xfb\xa4\xe0", "茶を飲む"},
		"x-euc-jp":       {"\xc3\xe3\xa4\xf2\xb0\xfb\xa4\xe0", "茶を飲む"},
		"iso-2022-kr":    {"\x1b$)C\x0e>H3g\x0f abc", "안녕 abc"},
		"csISO2022KR":    {"\x1b$)C\x0e>H3g\x0f abc", "안녕 abc"},
		"johab":          {"\xb4e\x91w\xd0a\xadA\xb6a \x88t \xa6\xca \x88A\x84a \xf7\xdb\xe2\xd0 \xd9j", "안녕하세요 값 뷁 ㄱㅏ 韓國 ★"},
		"cp1361":         {"\xb4e\x91w", "안녕"},
		"ms949":          {"\x8cc\xb9\xe6\xb0\xa2\xc7\xcf", "똠방각하"},
		"x-windows-949":  {"\x8cc\xb9\xe6\xb0\xa2\xc7\xcf", "똠방각하"},
		"ks_c_5601-1987": {"\xbe\xc8\xb3\xe7", "안녕"},
		"euckr":          {"\xbe\xc8\xb3\xe7", "안녕"},
		"sjis":           {"\x92\x83", "茶"},
		"shift-jis":      {"\x92\x83", "茶"},
		"x-sjis-win":     {"\x92\x83", "茶"},
		"latin-1":        {"caf\xe9", "café"},
		"latin2":         {"\xe8aj", "čaj"},
		"iso8859_2":      {"\xe8aj", "čaj"},
		"8859-2":         {"\xe8aj", "čaj"},
		"iso8859-15":     {"\xa4uro", "€uro"},
		"l9":             {"\xa4uro", "€uro"},
		"x-mac-roman":    {"caf\x8e", "café"},
		"koi8r":          {"\xde\xc1\xca", "чай"},
		"tis620":         {"\xe4\xb7\xc2", "ไทย"},
		"hz":             {"~{2h~}", "茶"},
		"x-gbk":          {"\xb2\xe8", "茶"},
		"euc-cn":         {"\xb2\xe8", "茶"},
		"utf8mb4":        {"\xc4\x8daj", "čaj"},
		"UTF_8":          {"\xc4\x8daj", "čaj"},
		"ucs-2":          {"\x01\x0d\x00a\x00j", "čaj"},
		"utf-32le":       {"\x0d\x01\x00\x00a\x00\x00\x00j\x00\x00\x00", "čaj"},
		"cp037":          {"\xc8\x85\x93\x93\x96", "Hello"},
		"ansi":           {"caf\xe9 \x80", "café €"},
		"iso-8859-1":     {"\x80", "€"},
		"iso-2022-cn":    {"\x1b$)A\x0e2h\x0f tea", "茶 tea"},
	} {
		if got := ToUTF8([]byte(c.raw), label); got != c.want {
			t.Errorf("%s: %q, want %q", label, got, c.want)
		}
	}
}
