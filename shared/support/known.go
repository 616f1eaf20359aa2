package support

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// known is what was stored about a mail's sender, its cases and the mails that it answers before it came.
type known struct {
	items map[table.Key]table.Item
	// sender counts the sender's mails to all cases.
	sender rate
}

// know reads all that is looked up about a mail before its sender is known, with one request.
func (d *Desk) know(ctx context.Context, mail Mail, to destination) (known, error) {
	keys := append(blockKeys(mail.From), senderRateKey(mail.From))
	if usableID(mail.MessageID) {
		keys = append(keys, messageKey(mail.MessageID))
	}
	for _, t := range to.replies {
		keys = append(keys, numberKey(t.number))
	}
	if len(to.replies) == 0 {
		for _, id := range mail.ancestors() {
			keys = append(keys, messageKey(id))
		}
		if number := taggedNumber(mail.Subject); number > 0 {
			keys = append(keys, numberKey(number))
		}
	}
	found := known{items: make(map[table.Key]table.Item, len(keys))}
	var once []table.Key
	for _, key := range keys {
		if _, twice := found.items[key]; !twice && len(once) < table.MaxBatch {
			found.items[key] = table.Item{Key: key}
			once = append(once, key)
		}
	}
	items, err := d.journal.BatchGet(ctx, once)
	if err != nil {
		return known{}, err
	}
	for i, item := range items {
		item.Key = once[i]
		found.items[item.Key] = item
	}
	found.sender, err = decodeRate(found.items[senderRateKey(mail.From)])
	return found, err
}

// lookUp decodes what is known under a key; false if there is nothing.
func lookUp[T any](k known, key table.Key) (T, bool, error) {
	var value T
	item := k.items[key]
	if item.Version == 0 {
		return value, false, nil
	}
	err := change.Decode(item, &value)
	return value, err == nil, err
}

// admit refuses a mail of a sender who is blocked, or writes too much.
func (d *Desk) admit(mail Mail, k known) error {
	if !mail.overruled(Blocked) {
		for _, key := range blockKeys(mail.From) {
			if k.items[key].Version > 0 {
				return refuse(Blocked, "an operator blocked %s", key.Sort)
			}
		}
	}
	if mail.overruled(Rate) {
		return nil
	}
	return k.sender.check(d.journal.Now(), senderLimits(), "to all cases")
}
