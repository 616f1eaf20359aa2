package reply

// trimCases are answers as mail programs write them; a line of "=>" stands before what
// the person wrote.
var trimCases = map[string]string{
	"Gmail on the web": `The port is up again, thank you.

On Wed, Mar 4, 2026 at 10:15 AM Acme Support <cases+x1@msp.example>
wrote:

> ##- Reply above this line to answer -##
>
> Ana Novak answered case 1042
=>
The port is up again, thank you.`,
	"Gmail with the attribution on one line": `Yes.
On Wed, Mar 4, 2026 at 10:15 AM Support <s@msp.example> wrote:
> Is it on?
=>
Yes.`,
	"Gmail in German": `Das Gerät läuft wieder.

Am Mi., 4. März 2026 um 10:15 Uhr schrieb Support <s@msp.example>:

> Läuft es?
=>
Das Gerät läuft wieder.`,
	"Gmail in French": `Merci, tout fonctionne.

Le mer. 4 mars 2026 à 10:15, Support <s@msp.example> a écrit :

> Est-ce réparé ?
=>
Merci, tout fonctionne.`,
	"Gmail in Spanish": `Sigue igual.

El mié, 4 mar 2026 a las 10:15, Support (<s@msp.example>) escribió:

> ¿Funciona?
=>
Sigue igual.`,
	"Gmail in Italian": `Ora va.

Il giorno mer 4 mar 2026 alle ore 10:15 Support <s@msp.example> ha
scritto:

> Funziona?
=>
Ora va.`,
	"Gmail in Portuguese": `Funciona.

Em qua., 4 de mar. de 2026 às 10:15, Support <s@msp.example> escreveu:

> Funciona?
=>
Funciona.`,
	"Gmail in Dutch": `Het werkt.

Op wo 4 mrt 2026 om 10:15 schreef Support <s@msp.example>:

> Werkt het?
=>
Het werkt.`,
	"Gmail in Polish, broken": `Działa.

śr., 4 mar 2026 o 10:15 Support <s@msp.example>
napisał(a):

> Czy działa?
=>
Działa.`,
	"Gmail in Danish": `Det virker.

Den ons. 4. mar. 2026 kl. 10.15 skrev Support <s@msp.example>:

> Virker det?
=>
Det virker.`,
	"Gmail in Swedish": `Det fungerar.

Den ons 4 mars 2026 kl 10:15 skrev Support <s@msp.example>:

> Fungerar det?
=>
Det fungerar.`,
	"Gmail in Finnish": `Toimii.

ke 4. maalisk. 2026 klo 10.15 Support (s@msp.example) kirjoitti:

> Toimiiko?
=>
Toimii.`,
	"Gmail in Czech": `Už to jde.

st 4. 3. 2026 v 10:15 odesílatel Support <s@msp.example> napsal:

> Jde to?
=>
Už to jde.`,
	"Gmail in Slovak": `Ide to.

st 4. 3. 2026 o 10:15 Support <s@msp.example> napísal(a):

> Ide to?
=>
Ide to.`,
	"Gmail in Russian": `Работает.

ср, 4 мар. 2026 г. в 10:15, Support <s@msp.example>:

> Работает?
=>
Работает.`,
	"Gmail in Ukrainian": `Працює.

ср, 4 бер. 2026 р. о 10:15 Support <s@msp.example> пише:

> Працює?
=>
Працює.`,
	"Gmail in Chinese": `可以了。

Support <s@msp.example> 于2026年3月4日周三 10:15写道：

> 好了吗？
=>
可以了。`,
	"Gmail in Japanese": `直りました。

2026年3月4日(水) 10:15 Support <s@msp.example>:

> 直りましたか？
=>
直りました。`,
	"Gmail in Slovenian": `Dela.

V V sre., 4. mar. 2026 ob 10:15 je oseba Support <s@msp.example>
napisala:

> Ali dela?
=>
Dela.`,
	"Outlook on the desktop": `It works now.

Regards
Ana

From: Acme Support <s@msp.example>
Sent: Wednesday, March 4, 2026 10:15 AM
To: Ana Novak <ana@customer.example>
Subject: [1042] Switch

##- Reply above this line to answer -##
=>
It works now.

Regards
Ana`,
	"Outlook in German": `Es geht wieder.

Von: Acme Support <s@msp.example>
Gesendet: Mittwoch, 4. März 2026 10:15
An: Ana Novak
Betreff: [1042] Switch

Geht es wieder?
=>
Es geht wieder.`,
	"Outlook in French": `C'est bon.

De : Acme Support
Envoyé : mercredi 4 mars 2026 10:15
À : Ana Novak
Objet : [1042] Switch

Est-ce bon ?
=>
C'est bon.`,
	"Outlook on the web": `Still down.
________________________________
From: Acme Support <s@msp.example>
Sent: Wednesday, March 4, 2026 10:15
To: Ana Novak <ana@customer.example>
Subject: [1042] Switch

Is it up?
=>
Still down.`,
	"Outlook for iOS": `Will look tomorrow

Get Outlook for iOS<https://aka.ms/o0ukef>
________________________________
From: Acme Support <s@msp.example>
Sent: Wednesday, March 4, 2026 10:15:21 AM
To: Ana Novak <ana@customer.example>
Subject: [1042] Switch

Any news?
=>
Will look tomorrow`,
	"Outlook for Android, unmarked text behind the attribution": `ok

Get Outlook for Android

On Wed, Mar 4, 2026 at 10:15 AM +0100, "Acme Support" <s@msp.example> wrote:

Is it up?
=>
ok`,
	"Outlook in Russian": `Проверили, всё хорошо.

От: Support <s@msp.example>
Отправлено: 4 марта 2026 г. 10:15
Кому: Ana
Тема: [1042] Switch
=>
Проверили, всё хорошо.`,
	"Outlook 2003": `Fixed, please close.

-----Original Message-----
From: Acme Support
Sent: Wednesday, March 04, 2026 10:15 AM
Subject: [1042]

Is it fixed?
=>
Fixed, please close.`,
	"separator in German": `Erledigt.

-----Ursprüngliche Nachricht-----
Von: Support
Text
=>
Erledigt.`,
	"QQ": `好的

------------------ 原始邮件 ------------------
发件人: "Support"
=>
好的`,
	"Apple Mail": `The lamp is green.

> On 4 Mar 2026, at 10:15, Acme Support <s@msp.example> wrote:
>
> Which colour has the lamp?
=>
The lamp is green.`,
	"Apple Mail in German": `Grün.

> Am 04.03.2026 um 10:15 schrieb Support <s@msp.example>:
>
> Welche Farbe?
=>
Grün.`,
	"iPhone": `On my way

Sent from my iPhone

> On 4 Mar 2026, at 10:15, Support <s@msp.example> wrote:
>
> Are you there?
=>
On my way`,
	"iPhone in German": `Bin unterwegs

Von meinem iPhone gesendet

> Am 04.03.2026 um 10:15 schrieb Support <s@msp.example>:
> Wo sind Sie?
=>
Bin unterwegs`,
	"iPhone in Japanese": `了解です

iPhoneから送信
=>
了解です`,
	"Thunderbird, answer below": `On 3/4/26 10:15, Acme Support wrote:
> Which firmware is it?

It is 8.2.
=>
It is 8.2.`,
	"Thunderbird, answers between the quotes": `On 3/4/26 10:15, Acme Support wrote:
> Which firmware is it?

8.2.

> And which model?

An AP-500.

> Thanks
> Acme
=>
On 3/4/26 10:15, Acme Support wrote:
> Which firmware is it?

8.2.

> And which model?

An AP-500.`,
	"Thunderbird in German": `Ja.

Am 04.03.26 um 10:15 schrieb Acme Support:
> Ist es an?
=>
Ja.`,
	"Yahoo": `See the attached log.

    On Wednesday, March 4, 2026 at 10:15:00 AM GMT+1, Acme Support <s@msp.example> wrote:

 Please send a log.
=>
See the attached log.`,
	"K-9": `Done.
-- 
Sent from my Android device with K-9 Mail. Please excuse my brevity.
=>
Done.`,
	"K-9 with a quote": `Done.

On March 4, 2026 10:15:00 AM GMT+01:00, Support <s@msp.example> wrote:
>Please restart it.

-- 
Sent from my Android device with K-9 Mail. Please excuse my brevity.
=>
Done.`,
	"ProtonMail": `Works.

Sent with [Proton Mail](https://proton.me/) secure email.

On Wednesday, March 4th, 2026 at 10:15 AM, Support <s@msp.example> wrote:

> Does it work?
=>
Works.`,
	"signature above the quote": `Please call me.

-- 
Ana Novak
Mlekarna Krajnc

On 3/4/26 10:15, Support wrote:
> May we call?
=>
Please call me.`,
	"signature without its space": `Please call me.
--
Ana
=>
Please call me.`,
	"footer of a mailing list": `Which port?

_______________________________________________
Network mailing list
network@lists.example
https://lists.example/network
=>
Which port?`,
	"our own marker in unmarked text": `Thanks, that helped.

##- Reply above this line to answer -##

Ana Novak answered case 1042
=>
Thanks, that helped.`,
	"headers in stars": `ok

*From:* Support <s@msp.example>
*Sent:* Wednesday, March 4, 2026 10:15
*To:* Ana
*Subject:* x
=>
ok`,
	"nothing but a quote": `> all of it
> is quoted
=>
> all of it
> is quoted`,
	"a sentence that ends in wrote": `On Monday the vendor wrote:
we shall replace it

What now?
=>
On Monday the vendor wrote:
we shall replace it

What now?`,
	"a route in words is no header block": `From: Ljubljana
to the branch in Maribor we lose packets.

Please check.
=>
From: Ljubljana
to the branch in Maribor we lose packets.

Please check.`,
	"a table drawn with dashes": `Name
-----
eth0

is down
=>
Name
-----
eth0

is down`,
	"text above the attribution without an empty line": `A quick answer: 42 units.
On Wed, Mar 4, 2026 at 10:15 AM Support <s@msp.example> wrote:
> How many?
=>
A quick answer: 42 units.`,
	"empty": "\n=>\n",
}
