package bounce

import (
	"slices"
	"strings"
)

// bounceSubjects are the beginnings of the subjects of delivery reports, in lower case.
var bounceSubjects = []string{
	"undeliverable", "undelivered mail", "undelivered message", "mail delivery fail", "mail delivery problem",
	"mail delivery error", "mail delivery status", "delivery status notification", "delivery failure",
	"delivery failed", "delivery notification", "delivery report", "delivery has failed",
	"message delivery fail", "failure notice", "failure delivery", "failed mail", "failed message",
	"returned mail", "returned to sender", "mail system error", "nondeliverable", "non-deliverable",
	"non delivery", "non-delivery", "unable to deliver", "could not deliver", "could not send",
	"couldn't deliver", "warning: could not send", "warning: message", "mail could not be delivered",
	"message could not be delivered", "your message couldn't be delivered", "your mail could not",
	"mail not delivered", "message not delivered", "message status - undeliverable", "user unknown",
	"rejected mail", "mail rejected", "notification d'état", "*** undeliverable", "delayed mail",
	"delivery delayed", "error sending", "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen",
	"rückläufer", "non remis", "échec de la remise", "échec de remise", "courrier non remis",
	"no se puede entregar", "no entregado", "no se pudo entregar", "não entregue", "não é possível entregar",
	"falha na entrega", "non recapitabile", "mancato recapito", "onbestelbaar", "niet bezorgd",
	"kan inte levereras", "olevererat", "kan ikke leveres", "kunne ikke leveres", "ei voi toimittaa",
	"toimitus epäonnistui", "nie można dostarczyć", "niedostarczon", "nedoručiteln", "nedoručiteľn",
	"kézbesíthetetlen", "imposibil de livrat", "nelivrat", "αδύνατη η παράδοση",
	"δεν είναι δυνατή η παράδοση", "не удается доставить", "не удаётся доставить", "недоставленное",
	"не доставлено", "не вдалося доставити", "недоставлене", "teslim edilemedi", "ni mogoče dostaviti",
	"配信不能", "配信不可", "配信エラー", "送信エラー", "無法傳遞", "無法投遞", "无法送达", "无法投递", "退信", "系统退信", "未送达", "전달할 수 없음",
	"배달되지 않음", "반송", "غير قابل للتسليم", "תקלה במסירה", "לא ניתן למסירה", "không gửi được", "không thể gửi",
}

func bounceSubject(subject string) bool {
	subject = strings.ToLower(subject)
	return slices.ContainsFunc(bounceSubjects, func(words string) bool { return strings.HasPrefix(subject, words) })
}

// bounceWords are typical phrases at the beginning of delivery reports, in lower case.
var bounceWords = []string{
	"this is the qmail-send program", "i wasn't able to deliver your message", "i'm afraid i wasn't able", // qmail
	// Exim
	"this message was created automatically by mail deliver",
	"a message that you sent could not be delivered", "a message that you have sent could not",
	"the following address(es) failed",
	// Sendmail
	"this is the postfix program", "this is the mail system at host", "i'm sorry to have to inform you",
	"this is the opensmtpd", "had permanent fatal errors", "had transient non-fatal errors",
	"had delivery problems", "transcript of session follows", "the original message was received at",
	"unsent message follows",
	// Exchange, Office 365
	"delivery has failed to these recipients", "did not reach some or all of the intended recipients",
	"the following recipient(s) could not be reached", "diagnostic information for administrators",
	"couldn't be delivered", "your message wasn't delivered", "your message to ",
	// Gmail
	"delivery to the following recipient", "your message was not delivered", "message not delivered",
	"address not found", "there was a problem delivering your message",
	"an error occurred while trying to deliver the mail to the following recipients", // Amazon SES
	// Yahoo
	"we were unable to deliver your message", "unable to deliver your message to the following",
	"unable to deliver message to the following", "sorry, we were unable to deliver",
	"could not be delivered", "cannot be delivered", "can not be delivered", "was not delivered",
	"undeliverable", "undelivered", "delivery failed", "failed to deliver", "unable to deliver",
	"delivery failure", "delivery error", "has been returned", "returned mail", "message rejected",
	"no such user", "user unknown", "unknown user", "mailbox full", "quota exceeded",
	"delivery has been delayed", "delivery to the following", "permanent error", "permanent failure",
	"konnte nicht zugestellt werden", "n'a pas pu être remis", "no se ha podido entregar",
	"não pôde ser entregue", "mancata consegna", "mancato recapito", "kon niet worden bezorgd",
	"не было доставлено", "не может быть доставлено", "не удалось доставить", "配信できません", "配信できなかった",
	"送信できません", "无法投递", "无法送达", "無法傳送", "退信",
}

// conditions map the phrases of servers to the details of status codes, for reports without a code
// of RFC 3463. The first match counts.
var conditions = []struct {
	detail string // of the status, behind the class
	words  []string
}{
	{
		".2.2",
		[]string{
			"mailbox full", "mailbox is full", "over quota", "overquota", "quota exceeded",
			"exceeded storage", "mailbox size limit", "insufficient storage", "not enough storage",
		},
	},
	{
		".1.1",
		[]string{
			"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox",
			"does not exist", "doesn't exist", "not found", "unknown recipient", "recipient unknown",
			"no mailbox here", "mailbox unavailable", "invalid recipient", "unknown local part",
			"not listed in", "unrouteable address", "unknown address", "address not found",
			"recipient rejected", "no user", "bad destination mailbox", "user doesn't have",
			"account is disabled", "unknown mail address", "invalid mailbox",
		},
	},
	{
		".1.2",
		[]string{
			"host unknown", "unknown host", "domain not found", "no such domain", "host not found",
			"name service error", "couldn't find any host", "unable to lookup dns", "unrouteable mail domain",
		},
	},
	{
		".3.4",
		[]string{"message too large", "too big", "size limit", "exceeds size", "message size exceeds", "too large"},
	},
	{
		".7.1",
		[]string{
			"relay", "denied", "spam", "blocked", "blacklist", "blocklist", "not permitted", "not allowed",
			"rejected", "prohibited", "policy",
		},
	},
	{
		".4.1",
		[]string{
			"timed out", "timeout", "time out", "unreachable", "connection refused", "could not connect",
			"couldn't connect", "temporarily", "try again", "retry time", "no route to host",
			"wasn't able to establish an smtp",
		},
	},
}
