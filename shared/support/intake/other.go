package intake

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// takeFromOther handles a mail to the reply address of somebody else. If both people are customers
// of the organization, it treats the mail like one to the support address about the case.
func (s *Service) takeFromOther(ctx context.Context, mail Mail, k known, a answer) (Outcome, error) {
	c, place, err := s.referred(ctx, a.where)
	if err != nil {
		return Outcome{}, err
	}
	cases := []evidence{{where: a.where, note: a.note, exact: true}}
	person, err := s.writerIn(ctx, mail, k, a.where.OrgID)
	inner := a.note || a.writer.by.IsAgent(place)
	switch {
	case err != nil && !fault.Is(err, fault.NotFound):
		return Outcome{}, err
	case c.ID == "" || inner:
	case err != nil:
		if _, copied := c.Copied(mail.From); copied {
			return s.takeFor(ctx, mail, k, sender{stranger: true}, cases, a.where.OrgID)
		}
	default:
		if by := person.Principal("mail", ""); by.May(identity.OpenCases, place) && !by.IsAgent(place) {
			return s.takeFor(ctx, mail, k, sender{person: person}, cases, a.where.OrgID)
		}
	}
	if !overruled(mail.Mail, OtherSender) {
		return Outcome{}, refuse(OtherSender, "the reply address belongs to somebody other than the sender")
	}
	// The mail was released. What another address writes in the name of an agent stays internal.
	// Everybody with the case reads the remark, so it has the address in its masked form.
	a.note = inner
	remark := fmt.Sprintf("[Sent from %s]", identity.MaskEmail(mail.From))
	mail.Text, mail.Reply = mail.Text+"\n\n"+remark, mail.Reply+"\n\n"+remark
	return s.takeComment(ctx, mail, k, a)
}

// whyMissing distinguishes a deleted case that can be restored from one that the writer may not
// see.
func (s *Service) whyMissing(ctx context.Context, a *answer, missing error) error {
	if err := s.refuseDeleted(ctx, a.where.OrgID); err != nil {
		return err
	}
	items, err := s.journal.BatchGet(ctx, []table.Key{support.CaseKey(a.where.OrgID, a.where.CaseID, support.CaseSort)})
	if err != nil {
		return err
	}
	c, err := support.DecodeCase(items[0])
	if err == nil && c.Deleted > 0 {
		return refuse(UnknownCase, "case %d was deleted", c.Number)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return missing
}
