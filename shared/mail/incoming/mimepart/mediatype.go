package mimepart

import (
	"strings"

	"github.com/jhillyerd/enmime/v2/mediatype"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// DeclaredCharset is the parameter under which mediaType puts the character set that a
// text declares.
const DeclaredCharset = "declared-charset"

// maxMediaType bounds a Content-Type or Content-Disposition header. Mending broken ones
// costs more than reading them.
const maxMediaType = 8 << 10

var (
	looseParameter = plaintext.Pattern(`(?i)([a-z0-9*-]+)\s*=\s*("[^"]*"|[^;\s]+)`)
	// lostSemicolon finds a parameter that nothing parts from the type.
	lostSemicolon = plaintext.Pattern(`(?i)^(\s*[a-z]+/[a-z0-9.+-]+)\s+((?:boundary|charset|name)\s*=)`)
	notInKind     = plaintext.Pattern(`[^a-z0-9!#$&^_.+/-]`)
)

// MediaType reads the value of a Content-Type or Content-Disposition header. It returns
// an error for an empty value only; what is broken is read as far as it goes.
func MediaType(value string) (kind string, parameters map[string]string, invalid []string, err error) {
	if len(value) > maxMediaType {
		value = value[:maxMediaType]
	}
	value = lostSemicolon().ReplaceAllString(value, "$1; $2")
	value = withoutGaps(value)
	kind, parameters, invalid, err = mediatype.ParseWithOptions(value,
		mediatype.ParseOptions{StripMediaTypeInvalidCharacters: true})
	if err != nil && strings.TrimSpace(value) != "" {
		kind, parameters, invalid, err = salvage(value)
	}
	if parameters == nil {
		parameters = map[string]string{}
	}
	if strings.HasPrefix(kind, "text/") {
		parameters[DeclaredCharset], parameters["charset"] = parameters["charset"], "utf-8"
	}
	return kind, parameters, invalid, err
}

// withoutGaps removes white space after an equals sign outside quotes, where some programs fold
// headers.
func withoutGaps(value string) string {
	if !strings.Contains(value, "= ") && !strings.Contains(value, "=\t") {
		return value
	}
	var out strings.Builder
	quotes, gap := false, false
	for i := 0; i < len(value); i++ {
		c := value[i]
		if gap && (c == ' ' || c == '\t') {
			continue
		}
		if c == '"' {
			quotes = !quotes
		}
		gap = c == '=' && !quotes
		out.WriteByte(c)
	}
	return out.String()
}

func salvage(value string) (string, map[string]string, []string, error) {
	kind, rest, _ := strings.Cut(value, ";")
	kind = notInKind().ReplaceAllString(strings.ToLower(strings.TrimSpace(kind)), "")
	parameters := map[string]string{}
	for _, match := range looseParameter().FindAllStringSubmatch(rest, 50) {
		parameters[strings.ToLower(match[1])] = strings.Trim(match[2], `"`)
	}
	return kind, parameters, nil, nil
}
