package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/tenant"
)

// pictureSort is the prefix of the sort keys that index a case's inline pictures by content: the
// logo of a signature comes with every mail, and is stored only once.
const pictureSort = "PICTURE#"

// pictureSorts returns the sort keys of a mail's pictures.
func (m Mail) pictureSorts() []string {
	var sorts []string
	for _, attachment := range m.Attachments {
		if attachment.Inline {
			sorts = append(sorts, pictureSort+attachment.sum())
		}
	}
	sorts = support.Distinct(sorts)
	return sorts[:min(len(sorts), maxMailFiles)]
}

// pictures returns the pictures that a case has, by their content. An internal picture does not
// replace a public one.
func pictures(items []table.Item, internal bool) (map[string]attachment.File, error) {
	files := map[string]attachment.File{}
	for _, item := range items {
		sum, ok := strings.CutPrefix(item.Sort, pictureSort)
		if !ok || item.Version == 0 {
			continue
		}
		var file attachment.File
		if err := change.Decode(item, &file); err != nil {
			return nil, err
		}
		if !file.Internal || internal {
			files[sum] = file
		}
	}
	return files, nil
}

// pictureWrites returns the writes that index new pictures by their content, up to the maximum. A
// public picture replaces an internal one.
func pictureWrites(c support.Case, files []attachment.File, present []table.Item) ([]table.Write, error) {
	known := map[string]table.Item{}
	for _, item := range present {
		known[item.Sort] = item
	}
	var writes []table.Write
	for _, file := range files {
		if !file.Inline || len(writes) == maxPictures || len(files)+len(writes) >= room {
			continue
		}
		item, err := change.Encode(support.CaseKey(c.OrgID, c.ID, pictureSort+file.SHA256), file)
		if err != nil {
			return nil, err
		}
		write := table.Create(item)
		if item.Version = known[item.Sort].Version; item.Version > 0 {
			write = table.Update(item)
		}
		writes = append(writes, write)
	}
	return writes, nil
}

// withoutLogo returns an answer without the logo that our mail had: mail programs send it back with
// what they quote.
func (s *Service) withoutLogo(ctx context.Context, mail Mail, org tenant.Org) (Mail, error) {
	if org.MSPID == "" || !slices.ContainsFunc(mail.Attachments, func(a MailAttachment) bool { return a.Inline }) {
		return mail, nil
	}
	brands, err := s.tenants.Brands(ctx, []string{org.MSPID})
	if err != nil || brands[org.MSPID].Logo == nil {
		return mail, err
	}
	sum := brands[org.MSPID].Logo.SHA256
	mail.Attachments = slices.DeleteFunc(slices.Clone(mail.Attachments),
		func(a MailAttachment) bool { return a.Inline && a.sum() == sum })
	return mail, nil
}
