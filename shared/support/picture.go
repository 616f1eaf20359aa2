package support

import (
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/table"
)

// pictureSort begins the sort keys under which a case's pictures that stood in the text of mails are found by their content: the logo of
// a signature comes with every mail, and is kept once.
const pictureSort = "PICTURE#"

// pictureSorts are the sort keys of a mail's pictures.
func (m Mail) pictureSorts() []string {
	var sorts []string
	for _, attachment := range m.Attachments {
		if attachment.Inline {
			sorts = append(sorts, pictureSort+attachment.sum())
		}
	}
	return unique(sorts)[:min(len(unique(sorts)), maxMailFiles)]
}

// pictures reads which pictures a case has, by their content. What only agents see does not stand in for what is shown to all.
func pictures(items []table.Item, internal bool) (map[string]File, error) {
	found := map[string]File{}
	for _, item := range items {
		sum, ok := strings.CutPrefix(item.Sort, pictureSort)
		if !ok || item.Version == 0 {
			continue
		}
		var file File
		if err := change.Decode(item, &file); err != nil {
			return nil, err
		}
		if !file.Internal || internal {
			found[sum] = file
		}
	}
	return found, nil
}

// pictureWrites make new pictures known by their content.
func (c Case) pictureWrites(files []File, present []table.Item) ([]table.Write, error) {
	known := map[string]bool{}
	for _, item := range present {
		known[item.Sort] = item.Version > 0
	}
	var writes []table.Write
	for _, file := range files {
		sort := pictureSort + file.SHA256
		if !file.Inline || known[sort] {
			continue
		}
		known[sort] = true
		item, err := change.Encode(caseKey(c.OrgID, c.ID, sort), file)
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}
