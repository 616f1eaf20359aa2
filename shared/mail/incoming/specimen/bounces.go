package specimen

const (
	daemon = "From: Mail Delivery System <mailer-daemon@mx.customer.example>\nTo: bounces@msp.example\nReturn-Path: <>\n"
	lost   = "bojan@customer.example"
	// ours is the returned mail.
	ours = "Return-Path: <bounces+t0ken@msp.example>\nFrom: Support <cases@msp.example>\nReply-To: cases+t0ken@msp.example\nTo: " + lost + "\nMessage-ID: <notice-9@msp.example>\nReferences: <case-9@msp.example>\nSubject: Case 9\n"
)

// bounces shows delivery reports in the format of RFC 3464 and in free text.
func bounces() []Mail {
	status := func(fields string) string {
		return part("Content-Type: message/delivery-status", "Reporting-MTA: dns; mx.customer.example\n\n"+fields+"\n")
	}
	whole := part("Content-Type: message/rfc822", ours+"\nHello\n")
	head := part("Content-Type: text/rfc822-headers", ours)
	all := []Mail{
		{
			Name: "bounce: RFC 3464",
			Rule: "recipient, action, status and server message are read",
			Raw: mixed(
				daemon+"Subject: Undelivered Mail Returned to Sender",
				"multipart/report; report-type=delivery-status",
				words("It could not be delivered."),
				status(
					"Final-Recipient: rfc822; "+lost+"\nOriginal-Recipient: rfc822;"+lost+"\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user",
				),
				whole,
			),
			Want: Want{
				Files:      []string{"delivery-status.txt", "Case 9.eml"},
				Recipients: []string{lost + " failed 5.1.1 for good"},
				Returned:   "cases+t0ken@msp.example",
			},
		},
		{
			Name: "bounce: only headers come back",
			Rule: "the returned mail may be text/rfc822-headers",
			Raw: mixed(daemon+"Subject: Undelivered", "multipart/report; report-type=delivery-status",
				words("It could not be delivered."),
				status("Final-Recipient: rfc822; "+lost+"\nAction: failed\nStatus: 5.2.1"), head),
			Want: Want{
				Files:      []string{"delivery-status.txt", "headers.txt"},
				Recipients: []string{lost + " failed 5.2.1 for good"},
				Returned:   "notice-9@msp.example",
			},
		},
		{
			Name: "bounce: several recipients",
			Rule: "recipients are reported individually",
			Raw: mixed(
				daemon+"Subject: Undelivered",
				"multipart/report; report-type=delivery-status",
				words("It could not be delivered."),
				status(
					"Final-Recipient: rfc822; "+lost+"\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; eva@customer.example\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient: rfc822; ivo@customer.example\nAction: delivered\nStatus: 2.0.0",
				),
			),
			Want: Want{
				Files: []string{"delivery-status.txt"},
				Recipients: []string{
					lost + " failed 5.1.1 for good",
					"eva@customer.example delayed 4.4.1",
					"ivo@customer.example delivered 2.0.0",
				},
			},
		},
		{
			Name: "bounce: delayed",
			Rule: "a delay is not a failure",
			Raw: mixed(daemon+"Subject: Delayed mail", "multipart/report; report-type=delivery-status",
				words("It is delayed."), status("Final-Recipient: rfc822; "+lost+"\nAction: delayed\nStatus: 4.4.1")),
			Want: Want{Files: []string{"delivery-status.txt"}, Recipients: []string{lost + " delayed 4.4.1"}},
		},
		{
			Name: "bounce: full mailbox",
			Rule: "status class 4 is not permanent, even if the server gives up",
			Raw: mixed(
				daemon+"Subject: Undelivered",
				"multipart/report; report-type=delivery-status",
				words("It failed."),
				status(
					"Final-Recipient: rfc822; "+lost+"\nAction: failed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 mailbox full",
				),
			),
			Want: Want{Files: []string{"delivery-status.txt"}, Recipients: []string{lost + " failed 4.2.2"}},
		},
		{
			Name: "bounce: code only in the words",
			Rule: "an unspecific status is refined from the server message",
			Raw: mixed(
				daemon+"Subject: Undelivered",
				"multipart/report; report-type=delivery-status",
				words("It failed."),
				status(
					"Final-Recipient: rfc822; "+lost+"\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 User unknown",
				),
			),
			Want: Want{Files: []string{"delivery-status.txt"}, Recipients: []string{lost + " failed 5.1.1 for good"}},
		},
		{
			Name: "bounce: in a wrong envelope",
			Rule: "a delivery report counts in any multipart",
			Raw: mixed("From: gateway@customer.example", "multipart/mixed", words("It failed."),
				status("Final-Recipient: rfc822; "+lost+"\nAction: failed\nStatus: 5.1.1")),
			Want: Want{Files: []string{"delivery-status.txt"}, Recipients: []string{lost + " failed 5.1.1 for good"}},
		},
		{
			Name: "bounce: X-Failed-Recipients",
			Rule: "Exim and Gmail name the recipient in a header",
			Raw: plain("From: mailer@customer.example\nX-Failed-Recipients: "+lost,
				"Your mail was lost.\n\n  "+lost+"\n    550 5.1.1 no mailbox here\n"),
			Want: Want{Recipients: []string{lost + " failed 5.1.1 for good"}},
		},
	}
	for i := range all {
		all[i].Kind, all[i].NoAnswer = "bounce", true
	}
	return append(all, written()...)
}

// written shows delivery reports of programs that use no standard format.
func written() []Mail {
	var all []Mail
	for _, c := range []struct{ name, headers, body, recipient string }{
		{"qmail", daemon + "Subject: failure notice", "Hi. This is the qmail-send program at mx.customer.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error.\n\n<" + lost + ">:\n192.0.2.9 does not like recipient.\nRemote host said: 550 5.1.1 no such person\n\n--- Below this line is a copy of the message.\n\n" + ours + "\nHello\n", lost + " failed 5.1.1 for good"},
		{"Exim", daemon + "Subject: Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  " + lost + "\n    host mx.customer.example [192.0.2.9]\n    550 unknown user\n\n------ This is a copy of the message, including all the headers. ------\n\n" + ours + "\nHello\n", lost + " failed 5.1.1 for good"},
		{"Exim warns", daemon + "Subject: Warning: message 1abc delayed 24 hours", "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n  " + lost + "\n    Delay reason: connection timed out\n\nNo action is required on your part.\n\n" + ours + "\n", lost + " delayed 4.4.1"},
		{"Postfix of old", daemon + "Subject: Undelivered Mail Returned to Sender", "This is the Postfix program at host mx.customer.example.\n\nI'm sorry to have to inform you that your message could not be\ndelivered to one or more recipients.\n\n<" + lost + ">: host mx2.customer.example[192.0.2.9] said: 554 5.7.1 relaying denied\n    (in reply to RCPT TO command)\n\n" + ours + "\nHello\n", lost + " failed 5.7.1 for good"},
		{"sendmail", daemon + "Subject: Returned mail: see transcript for details", "The original message was received at Wed, 4 Mar 2026 10:15:00 +0100\n\n   ----- The following addresses had permanent fatal errors -----\n<" + lost + ">\n    (reason: 550 5.1.1 no such user here)\n\n   ----- Transcript of session follows -----\n550 5.1.1 <" + lost + ">... User unknown\n\n   ----- Original message follows -----\n\n" + ours + "\nHello\n", lost + " failed 5.1.1 for good"},
		{"Exchange", "From: System Administrator <postmaster@customer.example>\nSubject: Undeliverable: Case 9", "Your message did not reach some or all of the intended recipients.\n\n      Subject:  Case 9\n      Sent:     3/4/2026 10:15 AM\n\nThe following recipient(s) could not be reached:\n\n      " + lost + " on 3/4/2026 10:15 AM\n            The e-mail account does not exist at the organization this message was sent to.\n            <mx.customer.example #5.1.1>\n", lost + " failed 5.1.1 for good"},
		{"Office 365 as text", "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>\nSubject: Undeliverable: Case 9", "Delivery has failed to these recipients or groups:\n\n" + lost + "\nThe email address you entered couldn't be found.\n\nDiagnostic information for administrators:\n\nGenerating server: mx.customer.example\n\n" + lost + "\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\nOriginal message headers:\n\n" + ours, lost + " failed 5.1.10 for good"},
		{"Gmail of old", "From: Mail Delivery Subsystem <mailer-daemon@provider.example>\nSubject: Delivery Status Notification (Failure)", "Delivery to the following recipient failed permanently:\n\n     " + lost + "\n\nTechnical details of permanent failure:\nThe server said: 550 550 5.2.1 the mailbox is disabled\n\n----- Original message -----\n\n" + ours + "\nHello\n", lost + " failed 5.2.1 for good"},
		{"Yahoo", "From: MAILER-DAEMON@provider.example\nSubject: Failure Notice", "Sorry, we were unable to deliver your message to the following address.\n\n<" + lost + ">:\n554: 5.4.14 too many hops\n\n--- Below this line is a copy of the message.\n\n" + ours + "\nHello\n", lost + " failed 5.4.14 for good"},
		{"Amazon SES", "From: MAILER-DAEMON@eu-west-1.provider.example\nSubject: Delivery Status Notification (Failure)", "An error occurred while trying to deliver the mail to the following recipients:\n" + lost + "\n\n552 5.2.2 mailbox full\n", lost + " failed 5.2.2 for good"},
		{"a sender of its own", "From: Mail Gateway <gateway@customer.example>\nSubject: Undeliverable mail", "Your mail could not be delivered.\n\n" + lost + ": user unknown\n\n" + ours, lost + " failed 5.1.1 for good"},
		{"in Japanese, with an empty path", "From: gateway@customer.example\nReturn-Path: <>\nSubject: 配信不能", "次の宛先に配信できませんでした。\n\n<" + lost + ">: 550 5.1.1\n\n" + ours, lost + " failed 5.1.1 for good"},
	} {
		want := Want{
			Kind:       "bounce",
			NoAnswer:   true,
			Recipients: []string{c.recipient},
			Returned:   "cases+t0ken@msp.example",
		}
		if c.name == "Exchange" || c.name == "Amazon SES" {
			want.Returned = ""
		}
		all = append(
			all,
			Mail{
				Name: "bounce in words: " + c.name,
				Rule: "free-text reports are read if their wording is known",
				Raw:  plain(c.headers, c.body),
				Want: want,
			},
		)
	}
	all = append(all, Mail{
		Name: "a person passes a bounce on",
		Rule: "a forwarded report is not a report",
		Raw: mixed(
			"Subject: Fwd: Undelivered Mail",
			"multipart/mixed",
			words("What is this?"),
			part(
				"Content-Type: message/delivery-status",
				"Reporting-MTA: dns; mx.customer.example\n\nFinal-Recipient: rfc822; "+lost+"\nAction: failed\nStatus: 5.1.1\n",
			),
		),
		Want: Want{
			Text:       "What is this?",
			Files:      []string{"delivery-status.txt"},
			Recipients: []string{lost + " failed 5.1.1 for good"},
		},
	})
	return append(all, Mail{
		Name: "a person asks about a bounce",
		Rule: "the wording of a report alone does not make a report",
		Raw: plain(
			"Subject: Customers get delivery failures",
			"Hi,\n\nour customers get this:\n\n550 5.1.1 <info@customer.example>: user unknown, message could not be delivered\n\nAna\n",
		),
		Want: Want{
			Text: "Hi,\n\nour customers get this:\n\n550 5.1.1 <info@customer.example>: user unknown, message could not be delivered\n\nAna",
		},
	})
}
