package intake

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// Alias is a further address of a person, confirmed by an agent: in one organization, mails from it
// are the person's, as long as the address has no account and the person is a customer of the
// organization.
type Alias struct {
	// Address is in its normal form.
	Address    string `json:"address"`
	OrgID      string `json:"org_id"`
	PersonID   string `json:"person_id"`
	PersonName string `json:"person_name"`
	// ConfirmedBy is the name of the agent; Created is in epoch seconds.
	ConfirmedBy string `json:"confirmed_by"`
	Created     int64  `json:"created"`
}

const aliasSort = "MAILALIAS#"

// aliasEntry is stored under an address, and says whose alias it is in each organization.
type aliasEntry struct {
	Aliases []Alias `json:"aliases"`
}

// maxAliasOrgs is the maximum number of organizations in which an address can be an alias.
const maxAliasOrgs = 50

// aliasKey is the key of the aliases of an address.
func aliasKey(address string) table.Key {
	return table.Key{Partition: aliasSort + identity.NormalEmail(address), Sort: "ALIASES"}
}

// listedAliasKey is the key of an alias in the list of its organization.
func listedAliasKey(orgID, address string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: aliasSort + address}
}

// confirmSender returns the writes that make the sender's address of a quarantined mail an alias of
// the person with the ID. The answer is the same whether or not the address has an account.
func (s *Service) confirmSender(
	ctx context.Context, by identity.Principal, opened support.Opened, kept Quarantined, personID string,
) ([]table.Write, error) {
	if !kept.Reason.confirmable() {
		return nil, fault.New(fault.Conflict,
			"The mail was not quarantined for its sender's address (%s): release it without confirming the address.",
			kept.Reason)
	}
	if uuid.Validate(personID) != nil {
		return nil, fault.InField("sender_id", "must be the ID of the person who wrote the mail")
	}
	person, err := s.accounts.Person(ctx, personID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	customer := person.Principal("mail", "")
	if err != nil || !customer.May(identity.OpenCases, opened.Place) || customer.IsAgent(opened.Place) {
		return nil, fault.InField("sender_id", "must be a person of the organization who may open cases")
	}
	if !kept.provesSender(personID) {
		return nil, fault.New(fault.Conflict,
			"Nothing proves that the mail is from %s, so the address cannot be confirmed. Release the mail without that, or ask the sender through another channel.",
			kept.From)
	}
	address := identity.NormalEmail(kept.From)
	// Whether the address has an account is not for every agent to know, so that does not matter
	// here: as long as there is one, the alias does not count.
	if identity.CheckEmail("sender", address) != nil || s.threads.Own(address) {
		return nil, fault.New(fault.Conflict, "The sender's address cannot be confirmed. Release the mail without that.")
	}
	alias := Alias{
		Address: address, OrgID: opened.OrgID, PersonID: person.ID, PersonName: customer.Name(),
		ConfirmedBy: by.Name(), Created: s.journal.Now().Unix(),
	}
	entry, items, err := s.storedAliases(ctx, opened.OrgID, address)
	if err != nil {
		return nil, err
	}
	entry.Aliases = slices.DeleteFunc(entry.Aliases, func(a Alias) bool { return a.OrgID == opened.OrgID })
	if len(entry.Aliases) >= maxAliasOrgs {
		return nil, fault.New(fault.Conflict, "%s is known in %d organizations, which is the maximum.", address, maxAliasOrgs)
	}
	entry.Aliases = append(entry.Aliases, alias)
	var writes []table.Write
	for i, value := range []any{entry, alias} {
		item, err := change.Encode(items[i].Key, value)
		if err != nil {
			return nil, err
		}
		write := table.Create(item)
		if item.Version = items[i].Version; item.Version > 0 {
			write = table.Update(item)
		}
		writes = append(writes, write)
	}
	return writes, nil
}

// storedAliases returns the aliases of an address, with two stored items: that of the address, and
// that in the list of an organization.
func (s *Service) storedAliases(ctx context.Context, orgID, address string) (aliasEntry, []table.Item, error) {
	keys := []table.Key{aliasKey(address), listedAliasKey(orgID, address)}
	items, err := s.journal.BatchGet(ctx, keys)
	if err != nil {
		return aliasEntry{}, nil, err
	}
	for i := range items {
		items[i].Key = keys[i]
	}
	var entry aliasEntry
	if items[0].Version > 0 {
		err = change.Decode(items[0], &entry)
	}
	return entry, items, err
}

// AliasPage is a page of an organization's aliases, ordered by address.
type AliasPage struct {
	Aliases []Alias
	// Next is the cursor of the next page; "" at the end of the list.
	Next string
}

// Aliases lists the aliases in an organization, for the agents who work on its cases.
func (s *Service) Aliases(
	ctx context.Context, by identity.Principal, orgID string, limit int, after string,
) (AliasPage, error) {
	place, err := s.checkAgent(ctx, by, orgID)
	if err != nil {
		return AliasPage{}, err
	}
	query := table.WithPrefix(table.Core, "ORG#"+orgID, aliasSort)
	query.Limit, query.After = limit, after
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return AliasPage{}, err
	}
	aliases, err := change.DecodePage[Alias](page)
	if !by.May(identity.SeePersonalData, place) {
		for i := range aliases {
			aliases[i].Address = identity.MaskEmail(aliases[i].Address)
			aliases[i].PersonName = identity.MaskName(aliases[i].PersonName)
		}
	}
	return AliasPage{Aliases: aliases, Next: page.Next}, err
}

// checkAgent returns a fault if the principal does not work on an organization's cases for the
// provider.
func (s *Service) checkAgent(ctx context.Context, by identity.Principal, orgID string) (identity.Place, error) {
	org, err := s.tenants.Org(ctx, by, orgID, identity.AnswerCases)
	if err == nil && !by.IsAgent(org.Place()) {
		err = fault.New(fault.Forbidden, "The addresses of people are for those who work on the cases for the provider.")
	}
	return org.Place(), err
}

// RemoveAlias removes an alias in an organization, for the agents who work on its cases and see whose
// it is: the answer would tell others whether an address is known.
func (s *Service) RemoveAlias(ctx context.Context, by identity.Principal, orgID, address string) error {
	place, err := s.checkAgent(ctx, by, orgID)
	if err != nil {
		return err
	}
	if !by.May(identity.SeePersonalData, place) {
		return identity.NoPersonalData(place, "the addresses of its people are not managed by who cannot see them")
	}
	entry, items, err := s.storedAliases(ctx, orgID, identity.NormalEmail(address))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(entry.Aliases, func(a Alias) bool { return a.OrgID == orgID })
	if at < 0 || items[1].Version == 0 {
		return fault.Missing()
	}
	alias := entry.Aliases[at]
	entry.Aliases = slices.Delete(entry.Aliases, at, at+1)
	item, err := change.Encode(items[0].Key, entry)
	if err != nil {
		return err
	}
	item.Version = items[0].Version
	writes := []table.Write{table.Update(item), table.Delete(items[1].Key, items[1].Version)}
	org, err := s.tenants.Org(ctx, by, orgID, identity.AnswerCases)
	if err != nil {
		return err
	}
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action: "orgs.remove_mail_address", Message: "Removed a further address of " + alias.PersonName,
		OrgID: org.ID, MSPID: org.MSPID, Target: "person:" + alias.PersonID, Internal: true, Before: alias, Writes: writes,
	})
	if table.ConflictAt(err, items[1].Key) {
		return fault.Missing()
	}
	return err
}
