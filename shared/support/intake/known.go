package intake

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// known is what is stored about the sender of a mail, the sender's cases and the mails that it
// replies to.
type known struct {
	items map[table.Key]table.Item
	// sender is the rate of the sender's mails to all cases; quiet is set if nobody is notified of
	// further ones.
	sender rate
	quiet  bool
}

// know reads everything that is needed about a mail before its sender is known, in one request.
func (s *Service) know(ctx context.Context, mail Mail, to mailthread.Destination) (known, error) {
	keys := append(blockKeys(mail.From), senderRateKey(mail.From), aliasKey(mail.From))
	if mailthread.UsableID(mail.MessageID) {
		keys = append(keys, mailthread.MessageKey(mail.MessageID))
	}
	for _, t := range to.Replies {
		keys = append(keys, support.NumberKey(t.Number))
	}
	if len(to.Replies) == 0 {
		for _, id := range mail.ancestors() {
			keys = append(keys, mailthread.MessageKey(id))
		}
		if number := taggedNumber(mail.Subject); number > 0 {
			keys = append(keys, support.NumberKey(number))
		}
	}
	k := known{items: make(map[table.Key]table.Item, len(keys))}
	var once []table.Key
	for _, key := range keys {
		if _, twice := k.items[key]; !twice && len(once) < table.MaxBatch {
			k.items[key] = table.Item{Key: key}
			once = append(once, key)
		}
	}
	items, err := s.journal.BatchGet(ctx, once)
	if err != nil {
		return known{}, err
	}
	for i, item := range items {
		item.Key = once[i]
		k.items[item.Key] = item
	}
	k.sender, err = decodeRate(k.items[senderRateKey(mail.From)])
	return k, err
}

// lookUp decodes the item with a key; false if there is none.
func lookUp[T any](k known, key table.Key) (T, bool, error) {
	var value T
	item := k.items[key]
	if item.Version == 0 {
		return value, false, nil
	}
	err := change.Decode(item, &value)
	return value, err == nil, err
}

// admit refuses mail from a sender who is blocked or exceeds the rate limits by far, and records
// whether a limit is reached.
func (s *Service) admit(mail Mail, k *known) error {
	if !overruled(mail.Mail, Blocked) {
		for _, key := range blockKeys(mail.From) {
			if k.items[key].Version > 0 {
				return refuse(Blocked, "an operator blocked %s", key.Sort)
			}
		}
	}
	if overruled(mail.Mail, Rate) {
		return nil
	}
	var err error
	k.quiet, err = k.sender.check(s.journal.Now(), senderLimits(), "to all cases")
	return err
}
