package mimepart

import (
	"strings"

	"github.com/cention-sany/utf7"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// plainLabel returns the letters and digits of a label, in lower case: programs write the same name
// with hyphens, with underscores and without either.
func plainLabel(label string) string {
	label = strings.TrimPrefix(strings.ToLower(strings.Trim(label, " \t\"'")), "charset=")
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, label)
}

// lookUp finds a character set by the names that mails use; nil for an unknown one, and for ASCII.
func lookUp(label string) encoding.Encoding {
	plain := plainLabel(label)
	if plain == "" || plain == "usascii" || plain == "ascii" || plain == "ansix341968" {
		return nil
	}
	if set := lookUpPlain(plain); set != nil {
		return set
	}
	label = strings.TrimPrefix(strings.ToLower(strings.Trim(label, " \t\"'")), "charset=")
	if set, err := htmlindex.Get(label); err == nil && set != encoding.Replacement {
		return set
	}
	if set, err := ianaindex.MIME.Encoding(label); err == nil {
		return set
	}
	return nil
}

// lookUpPlain finds a character set by names that are not in the lists of browsers and IANA.
func lookUpPlain(plain string) encoding.Encoding {
	plain = strings.TrimPrefix(plain, "x")
	switch plain {
	case "gb2312", "gbk", "cp936", "ms936", "windows936", "gb231280", "euccn", "eucgb2312cn", "gb18030", "gb180302000":
		return simplifiedchinese.GB18030 // which holds the others
	case "hz", "hzgb2312":
		return simplifiedchinese.HZGB2312
	case "utf7", "unicode11utf7", "unicode20utf7":
		return utf7.UTF7
	case "utf8", "utf8mb4", "unicode11utf8", "unicode20utf8", "cp65001", "windows65001":
		return unicode.UTF8
	case "ucs2", "unicode", "iso10646ucs2":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "utf32", "ucs4", "iso10646ucs4":
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case "utf32le":
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case "utf32be":
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	case "iso2022jpms", "iso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jp3", "csiso2022jp", "jis", "cp50220", "cp50221":
		return japanese.ISO2022JP
	case "cp932", "ms932", "mskanji", "mscp932", "windows932", "sjis", "shiftjis", "sjiswin", "shiftjis2004":
		return japanese.ShiftJIS
	case "eucjp", "ujis", "eucjpms", "eucjpwin", "cp51932", "cp20932", "euc":
		return japanese.EUCJP
	case "cp949", "ms949", "uhc", "windows949", "euckr", "ksc5601", "ksc56011987", "ksx1001", "cp51949":
		return korean.EUCKR
	case "cp950", "ms950", "windows950", "big5eten", "big5hkscs", "big5", "cp951":
		return traditionalchinese.Big5
	case "tis620", "iso885911", "cp874", "windows874", "ibm874", "thai":
		return charmap.Windows874
	case "macroman", "mac", "macintosh", "applemacroman":
		return charmap.Macintosh
	case "maccyrillic", "macukrainian":
		return charmap.MacintoshCyrillic
	case "koi8r", "koi8", "cp20866":
		return charmap.KOI8R
	case "koi8u", "koi8ru", "cp21866":
		return charmap.KOI8U
	case "ansi":
		return charmap.Windows1252
	}
	return numbered(plain)
}

// numbered finds a character set whose name ends in a number: "win-1251", "cp-850", "latin1".
func numbered(plain string) encoding.Encoding {
	number := strings.TrimLeft(plain, "abcdefghijklmnopqrstuvwxyz")
	switch family := plain[:len(plain)-len(number)]; family {
	case "windows", "win", "cp", "ms", "ibm", "ibmcp", "csibm", "cspc", "dos", "codepage", "pc", "microsoftcp", "mscp", "oem":
		return codePages[strings.TrimLeft(number, "0")]
	case "iso", "l", "latin", "isolatin":
		if set, ok := latins[number]; ok && family != "iso" {
			return set
		}
		return isoParts[strings.TrimPrefix(number, "8859")]
	case "":
		return isoParts[strings.TrimPrefix(number, "8859")]
	}
	return nil
}

// codePages are the character sets of Windows, DOS and IBM by their numbers.
var codePages = map[string]encoding.Encoding{
	"37": charmap.CodePage037, "437": charmap.CodePage437, "850": charmap.CodePage850, "852": charmap.CodePage852,
	"855": charmap.CodePage855, "858": charmap.CodePage858, "860": charmap.CodePage860, "862": charmap.CodePage862,
	"863": charmap.CodePage863, "865": charmap.CodePage865, "866": charmap.CodePage866, "874": charmap.Windows874,
	"1047": charmap.CodePage1047, "1140": charmap.CodePage1140, "1250": charmap.Windows1250,
	"1251": charmap.Windows1251, "1252": charmap.Windows1252, "1253": charmap.Windows1253, "1254": charmap.Windows1254,
	"1255": charmap.Windows1255, "1256": charmap.Windows1256, "1257": charmap.Windows1257, "1258": charmap.Windows1258,
	"819": charmap.Windows1252, "28591": charmap.Windows1252, "28592": charmap.ISO8859_2, "28595": charmap.ISO8859_5,
	"28597": charmap.ISO8859_7, "28605": charmap.ISO8859_15, "10000": charmap.Macintosh,
}

// isoParts are the parts of ISO 8859 by their numbers; by the first, programs mean windows-1252,
// and by the ninth windows-1254.
var isoParts = map[string]encoding.Encoding{
	"1": charmap.Windows1252, "2": charmap.ISO8859_2, "3": charmap.ISO8859_3, "4": charmap.ISO8859_4,
	"5": charmap.ISO8859_5, "6": charmap.ISO8859_6, "7": charmap.ISO8859_7, "8": charmap.ISO8859_8,
	"9": charmap.Windows1254, "10": charmap.ISO8859_10, "11": charmap.Windows874, "13": charmap.ISO8859_13,
	"14": charmap.ISO8859_14, "15": charmap.ISO8859_15, "16": charmap.ISO8859_16,
}

// latins are the same by the names that count the Latin ones alone.
var latins = map[string]encoding.Encoding{
	"1": charmap.Windows1252, "2": charmap.ISO8859_2, "3": charmap.ISO8859_3, "4": charmap.ISO8859_4,
	"5": charmap.Windows1254, "6": charmap.ISO8859_10, "7": charmap.ISO8859_13, "8": charmap.ISO8859_14,
	"9": charmap.ISO8859_15, "10": charmap.ISO8859_16,
}
