package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
)

// evidence is what a mail without a valid reply address says about the case that it belongs to.
// Anybody can forge it, so the sender must have access to the case.
type evidence struct {
	where support.Reference
	// note is set if the mail replies to a note or to a notification of one; exact if the mail that
	// it replies to is known.
	note, exact bool
}

// mostAncestors is the maximum number of message IDs of a mail to look up.
const mostAncestors = 20

// ancestors returns the message IDs that a mail refers to, nearest first: In-Reply-To, then
// References from the right. It skips the middle of a long chain, because our root ID is at its
// start.
func (m Mail) ancestors() []string {
	chain := slices.Clone(m.References)
	slices.Reverse(chain)
	chain = append([]string{m.InReplyTo}, chain...)
	var ids []string
	for _, id := range chain {
		if mailthread.UsableID(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > mostAncestors {
		ids = append(ids[:mostAncestors-1:mostAncestors-1], ids[len(ids)-1])
	}
	return ids
}

// evidence returns the cases that a mail may belong to, most trusted first: by the IDs of mails
// that we sent, by the IDs of mails that we received, by the case number in the subject. A
// forwarded mail is about something new, unless it refers to one of our mails.
func (k known) evidence(mail Mail) ([]evidence, error) {
	var own, received []evidence
	nearest := map[string]mailthread.MailRecord{} // by case
	for _, id := range mail.ancestors() {
		record, ok, err := lookUp[mailthread.MailRecord](k, mailthread.MessageKey(id))
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if _, known := nearest[record.CaseID]; !known {
			nearest[record.CaseID] = record
		}
		near := nearest[record.CaseID]
		one := evidence{
			where: support.Reference{OrgID: record.OrgID, CaseID: record.CaseID},
			note:  near.Note || record.Note,
			exact: !near.Root,
		}
		if record.Own {
			own = append(own, one)
		} else {
			received = append(received, one)
		}
	}
	all := own
	if len(own) > 0 || !forwarded(mail.Subject) {
		all = append(all, received...)
		if number := taggedNumber(mail.Subject); number > 0 {
			entry, ok, err := lookUp[support.NumberEntry](k, support.NumberKey(number))
			if err != nil {
				return nil, err
			}
			if ok {
				all = append(all, evidence{where: support.Reference(entry)})
			}
		}
	}
	var once []evidence
	for _, one := range all {
		if !slices.ContainsFunc(once, func(e evidence) bool { return e.where == one.where }) {
			once = append(once, one)
		}
	}
	return once[:min(len(once), mostCases)], nil
}

// mostCases is the maximum number of cases considered for a mail.
const mostCases = 3

// The parts of a subject that programs add.
var (
	// subjectTag is the case number in the subject of our mails.
	subjectTag = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\[case ([1-9][0-9]{0,11})\]`) })
	// answerPrefix and forwardPrefix are the prefixes that mail programs add to a subject, in
	// various languages.
	answerPrefix  = sync.OnceValue(func() *regexp.Regexp { return prefixes(answerWords()) })
	forwardPrefix = sync.OnceValue(func() *regexp.Regexp { return prefixes(forwardWords()) })
)

func answerWords() []string {
	return []string{
		"re", "aw", "antw", "antwort", "sv", "vs", "odp", "odpov", "ref", "rif", "r", "res", "rép", "réponse",
		"ynt", "vá", "atb", "ats", "回复", "回覆", "答复", "Отв", "Ответ", "Відп", "απ", "bls", "trả lời",
	}
}

func forwardWords() []string {
	return []string{
		"fwd", "fw", "wg", "wtr", "weitergeleitet", "tr", "rv", "i", "enc", "doorst", "vb", "vl", "vid",
		"vidb", "videresendt", "pd", "prz", "proslj", "posr", "tov", "továbbítás", "ilt", "i̇lt", "转发", "轉寄",
		"轉發", "転送", "전달", "Пересл", "Переслано", "Фв", "προ", "trs", "redir", "reenv",
	}
}

func prefixes(words []string) *regexp.Regexp {
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(
		`(?i)^(?:` + strings.Join(words, "|") + `)(?:\s?\[[0-9]{1,3}\]|\s?\([0-9]{1,3}\))?\s?[:：]\s*`,
	)
}

// taggedNumber returns the case number in a subject; 0 for none.
func taggedNumber(subject string) int64 {
	matches := subjectTag().FindStringSubmatch(subject)
	if matches == nil {
		return 0
	}
	number, _ := strconv.ParseInt(matches[1], 10, 64) // the pattern matches digits only
	return number
}

// forwarded reports whether the outermost prefix of a subject marks a forwarded mail. Mailing lists
// put their name before it.
func forwarded(subject string) bool { return forwardPrefix().MatchString(strings.TrimSpace(subject)) }

// bareSubject returns a subject without the tags of our mails and without the prefixes that
// programs add.
func bareSubject(subject string) string {
	bare := strings.Join(strings.Fields(subjectTag().ReplaceAllString(subject, " ")), " ")
	for range 20 {
		before := bare
		bare = answerPrefix().ReplaceAllString(bare, "")
		bare = forwardPrefix().ReplaceAllString(bare, "")
		if bare == before {
			break
		}
	}
	return bare
}
