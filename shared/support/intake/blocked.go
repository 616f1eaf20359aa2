package intake

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Block is a blocked address, or a blocked domain with its subdomains.
type Block struct {
	// Entry is the address or the domain, in lower case.
	Entry string `json:"entry"`
	Note  string `json:"note,omitempty"`
	// Created is in epoch seconds; By is the operator's address.
	Created int64  `json:"created"`
	By      string `json:"by"`
}

const (
	blockedPartition = "PLATFORM#BLOCKED"
	// MaxBlocks is the maximum number of blocked addresses and domains.
	MaxBlocks = 5000
	// maxLabels is the maximum number of labels of a domain that are checked, counted from its end.
	maxLabels = 5
)

func blockKey(entry string) table.Key { return table.Key{Partition: blockedPartition, Sort: entry} }

// blockKeys returns the keys of the blocks that would apply to an address: the address itself, its
// domain, and the parent domains.
func blockKeys(address string) []table.Key {
	domain := asciiDomain(address)
	if domain == "" || len(address) > 254 {
		return nil
	}
	keys := []table.Key{blockKey(address)}
	labels := strings.Split(domain, ".")
	for from := max(0, len(labels)-maxLabels); from < max(1, len(labels)-1); from++ {
		keys = append(keys, blockKey(strings.Join(labels[from:], ".")))
	}
	return keys
}

// Blocks lists the blocked addresses and domains in alphabetical order; for operators.
func (s *Service) Blocks(ctx context.Context, by identity.Principal) ([]Block, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return nil, err
	}
	var blocks []Block
	query := table.WithPrefix(table.Core, blockedPartition, "")
	for {
		page, err := s.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		some, err := change.DecodePage[Block](page)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, some...)
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	slices.SortFunc(blocks, func(x, y Block) int { return cmp.Compare(x.Entry, y.Entry) })
	return blocks, nil
}

// BlockSender blocks mail from an address or a domain; for operators. It is idempotent.
func (s *Service) BlockSender(ctx context.Context, by identity.Principal, entry, note string) (Block, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Block{}, err
	}
	entry = identity.NormalEmail(entry)
	address := entry
	if !strings.Contains(entry, "@") {
		address = "somebody@" + entry
	}
	if err := identity.CheckEmail("entry", address); err != nil {
		return Block{}, fault.InField("entry",
			"must be a mail address or a domain, as in anna@example.com or example.com")
	}
	if !strings.Contains(entry, "@") && (strings.Contains(entry, "*") || strings.Count(entry, ".") >= maxLabels) {
		return Block{}, fault.InField("entry",
			"must be a domain of at most %d parts, without a *: subdomains are blocked with their domain", maxLabels)
	}
	if domain := domainPart(entry); domain == s.mailDomain || strings.HasSuffix(s.mailDomain, "."+domain) {
		return Block{}, fault.InField("entry", "belongs to this installation")
	}
	if err := identity.CheckText("note", note, 0, desk.MaxShort); err != nil {
		return Block{}, err
	}
	present, err := s.Blocks(ctx, by)
	if err != nil {
		return Block{}, err
	}
	if len(present) >= MaxBlocks {
		return Block{}, fault.New(fault.Conflict,
			"There are %d entries, which is the maximum. Block a domain instead of its addresses.", MaxBlocks)
	}
	block := Block{Entry: entry, Note: note, Created: s.journal.Now().Unix(), By: by.Email}
	item, err := change.Encode(blockKey(entry), block)
	if err != nil {
		return Block{}, err
	}
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action:      "platform.block",
		Message:     "Blocked mails from " + entry,
		PlatformLog: true,
		Target:      "sender:" + entry,
		After:       block,
		Writes:      []table.Write{table.Create(item)},
	})
	if table.ConflictAt(err, item.Key) {
		if at := slices.IndexFunc(present, func(b Block) bool { return b.Entry == entry }); at >= 0 {
			return present[at], nil
		}
		return block, nil
	}
	return block, err
}

// UnblockSender removes a block; for operators.
func (s *Service) UnblockSender(ctx context.Context, by identity.Principal, entry string) error {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return err
	}
	entry = identity.NormalEmail(entry)
	if entry == "" || len(entry) > 254 {
		return fault.Missing()
	}
	key := blockKey(entry)
	err := s.journal.Commit(ctx, by.Actor(), change.Record{
		Action:      "platform.unblock",
		Message:     "Lets mails from " + entry + " in again",
		PlatformLog: true,
		Target:      "sender:" + entry,
		Writes:      []table.Write{table.Delete(key, 1)},
	})
	if table.ConflictAt(err, key) {
		return fault.Missing()
	}
	return err
}
