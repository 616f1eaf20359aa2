package tenant

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Contact is whom the provider reaches in an organization. It is personal data.
type Contact struct {
	Name   string   `json:"name"`
	Emails []string `json:"email"`
	Phone  string   `json:"phone"`
}

const (
	maxContactName, maxContactPhone = 128, 64
	// maxContactEmails is the maximum number of addresses.
	maxContactEmails = 10
	// hiddenPhone stands for a number that is not shown.
	hiddenPhone = "…"
)

// LoadContact reads the contact of an organization without a permission check, which is up to the caller.
func (t *Tenants) LoadContact(ctx context.Context, org Org) (Contact, error) {
	items, err := t.journal.BatchGet(ctx, []table.Key{SettingKey(org.ID)})
	if err != nil {
		return Contact{}, err
	}
	setting, err := DecodeSetting(items[0], org)
	if err != nil {
		return Contact{}, err
	}
	known, err := setting.Known()
	return known.Contact, err
}

// Customer returns the account number and the contact that are set. It decodes nothing else, for those who
// read many.
func (s Setting) Customer() (accountNumber string, contact Contact, err error) {
	if value, set := s.Fields[accountNumberKey]; set {
		if err := json.Unmarshal(value, &accountNumber); err != nil {
			return "", Contact{}, err
		}
	}
	if value, set := s.Fields[contactKey]; set {
		err = json.Unmarshal(value, &contact)
	}
	return accountNumber, contact, err
}

func (c Contact) empty() bool { return c.Name == "" && len(c.Emails) == 0 && c.Phone == "" }

// json returns the stored form, in which the addresses are always a list.
func (c Contact) json() json.RawMessage {
	if c.Emails == nil {
		c.Emails = []string{}
	}
	data, err := encoded(c)
	if err != nil {
		return nil // texts have a JSON form
	}
	return data
}

// masked returns the contact as those see it who may not see personal data.
func (c Contact) masked() Contact {
	masked := Contact{Name: identity.MaskName(c.Name)}
	for _, address := range c.Emails {
		masked.Emails = append(masked.Emails, identity.MaskEmail(address))
	}
	if c.Phone != "" {
		masked.Phone = hiddenPhone
	}
	return masked
}

// unmasked returns a contact in which what the principal saw masked, and sends back, is what it stands
// for.
func (s Setting) unmasked(value json.RawMessage, by identity.Principal) (json.RawMessage, error) {
	if by.May(identity.SeePersonalData, s.Org.Place()) {
		return value, nil
	}
	given, err := decodeAs[Contact](contactKey, value)
	if err != nil {
		return nil, err
	}
	known, err := s.Known()
	if err != nil {
		return nil, err
	}
	present, masked := known.Contact, known.Contact.masked()
	if given.Name == masked.Name {
		given.Name = present.Name
	}
	if given.Phone == masked.Phone {
		given.Phone = present.Phone
	}
	from := 0
	for i, address := range given.Emails {
		if at := slices.Index(masked.Emails[from:], address); at >= 0 {
			given.Emails[i] = present.Emails[from+at]
			from += at + 1
		}
	}
	for field, masked := range map[string]bool{
		".name": identity.Masked(given.Name) && given.Name != present.Name,
		".email": slices.ContainsFunc(given.Emails, func(address string) bool {
			return identity.Masked(address) && !slices.Contains(present.Emails, address)
		}),
		".phone": identity.Masked(given.Phone) && given.Phone != present.Phone,
	} {
		if masked {
			return nil, fault.InField(contactKey+field,
				"has a masked form of what you may not see: send it as you read it, or all of the new one")
		}
	}
	return given.json(), nil
}

// checkContact checks a contact, and returns null for one without anything.
func checkContact(key string, value json.RawMessage) (json.RawMessage, error) {
	contact, err := decodeAs[Contact](key, value)
	if err != nil {
		return nil, err
	}
	if contact.empty() {
		return json.RawMessage("null"), nil
	}
	if err := identity.CheckText(key+".name", contact.Name, 0, maxContactName); err != nil {
		return nil, err
	}
	if err := identity.CheckText(key+".phone", contact.Phone, 0, maxContactPhone); err != nil {
		return nil, err
	}
	if len(contact.Emails) > maxContactEmails {
		return nil, fault.InField(key+".email", "must have at most %d addresses", maxContactEmails)
	}
	for i, address := range contact.Emails {
		if err := identity.CheckEmail(key+".email", address); err != nil {
			return nil, err
		}
		contact.Emails[i] = identity.NormalEmail(address)
	}
	return contact.json(), nil
}
