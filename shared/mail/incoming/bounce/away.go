package bounce

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// awayWords are the beginnings of the subjects of automatic replies, in lower case; a colon, a
// bracket or the end of the subject follows.
var awayWords = []string{
	// English
	"automatic reply", "automatic response", "automated reply", "automated response", "auto reply",
	"auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "auto responder",
	"autoresponder", "out of office", "out of the office", "out-of-office", "out of office autoreply",
	"out of office reply", "out of office notification", "vacation reply", "vacation response",
	"vacation message", "away from my mail", "away from the office",
	// German
	"automatische antwort", "automatische rückantwort", "automatische rückmeldung", "automatische nachricht",
	"autom. antwort", "abwesenheitsnotiz", "abwesenheitsmeldung", "abwesenheitsnachricht",
	"abwesenheitsbenachrichtigung", "abwesenheitsassistent", "nicht im büro", "ich bin nicht im büro",
	// French
	"réponse automatique", "réponse automatisée", "message d'absence", "message d’absence",
	"absence du bureau", "absent du bureau", "absente du bureau", "notification d'absence",
	// Spanish
	"respuesta automática", "respuesta automatica", "autorespuesta", "contestación automática",
	"fuera de la oficina", "fuera de oficina", "mensaje de ausencia", "ausencia de la oficina",
	// Portuguese
	"resposta automática", "resposta automatica", "ausência temporária", "fora do escritório",
	"ausente do escritório", "mensagem de ausência", "ausência do escritório",
	// Italian
	"risposta automatica", "fuori sede", "fuori ufficio", "assente dall'ufficio", "assenza dall'ufficio",
	"messaggio di assenza",
	// Dutch
	"automatisch antwoord", "automatische beantwoording", "automatisch bericht", "afwezigheidsbericht",
	"afwezigheidsmelding", "afwezigheidsassistent", "niet op kantoor", "buiten kantoor",
	// Swedish
	"autosvar", "automatiskt svar", "frånvaromeddelande", "ej på kontoret", "inte på kontoret",
	"frånvaroassistent",
	// Norwegian
	"automatisk svar", "fraværsmelding", "fraværsassistent", "ute av kontoret", "ikke på kontoret",
	"ikke til stede",
	"fraværsbesked", "fraværsmeddelelse", "ude af kontoret", "autobesvarelse", // Danish
	// Finnish
	"automaattinen vastaus", "automaattivastaus", "poissaoloilmoitus", "poissa toimistosta",
	"poissaoloviesti", "lomavastaus",
	// Polish
	"automatyczna odpowiedź", "odpowiedź automatyczna", "autoodpowiedź", "odpowiedź autom.", "poza biurem",
	"nieobecność w biurze", "jestem poza biurem",
	"automatická odpověď", "mimo kancelář", "nepřítomnost v kanceláři", "oznámení o nepřítomnosti", // Czech
	"automatická odpoveď", "mimo kancelárie", "mimo kanceláriu", "oznámenie o neprítomnosti", // Slovak
	"automatikus válasz", "irodán kívül", "házon kívül", "automatikus üzenet", "távolléti értesítés", // Hungarian
	// Romanian
	"răspuns automat", "raspuns automat", "în afara biroului", "in afara biroului", "absent din birou",
	"lipsă de la birou",
	"αυτόματη απάντηση", "εκτός γραφείου", "απουσία από το γραφείο", "αυτόματο μήνυμα", // Greek
	// Russian
	"автоматический ответ", "автоответ", "автоответчик", "нет на рабочем месте",
	"отсутствие на рабочем месте", "вне офиса", "нет на месте",
	// Ukrainian
	"автоматична відповідь", "автовідповідь", "автовідповідач", "поза офісом", "немає на робочому місці",
	"відсутність на робочому місці",
	"otomatik yanıt", "otomatik cevap", "ofis dışında", "ofis dışı", "ofis dışındayım", // Turkish
	"自動応答", "自動返信", "不在通知", "不在のお知らせ", "不在応答", "自動送信", // Japanese
	"自动回复", "自动答复", "自动应答", "自動回覆", "自動回應", "自動答覆", "自動回信", "不在办公室", "不在辦公室", "外出自动回复", // Chinese
	"자동 회신", "자동회신", "자동 응답", "자동응답", "자동 답장", "부재 중", "부재중", "부재 중 알림", // Korean
	"رد تلقائي", "الرد التلقائي", "إجابة تلقائية", "خارج المكتب", // Arabic
	"מענה אוטומטי", "תשובה אוטומטית", "תגובה אוטומטית", "מחוץ למשרד", "הודעת היעדרות", // Hebrew
	// Vietnamese
	"trả lời tự động", "thư trả lời tự động", "tự động trả lời", "vắng mặt tại văn phòng",
	"không có mặt tại văn phòng",
	"samodejni odgovor", "automatski odgovor", "obvestilo o odsotnosti", // Slovenian, Croatian, Serbian
	"автоматичен отговор", "automatinis atsakymas", "automātiskā atbilde", "automaatvastus",
	"automaatne vastus", "resposta automàtica", "balasan otomatis", "ตอบกลับอัตโนมัติ",
}

// weakAwayWords also begin subjects that people write, so a colon must follow.
var weakAwayWords = []string{
	"auto", "ooo", "oof", "vacation", "abwesend", "abwesenheit", "absence", "absent", "absente", "ausencia",
	"ausente", "ausência", "assente", "assenza", "afwezig", "afwezigheid", "niet aanwezig", "frånvaro",
	"frånvarande", "fravær", "fraværende", "poissa", "poissaolo", "nieobecność", "nieobecny", "nepřítomnost",
	"neprítomnosť", "távollét", "absență", "απουσία", "отсутствие", "в отпуске", "відсутність", "不在", "休暇中",
	"外出", "休假", "odsotnost", "odsoten", "vắng mặt",
}

// awaySubject reports whether the subject is that of an automatic reply.
func awaySubject(subject string) bool {
	subject = strings.TrimSpace(strings.ToLower(norm.NFC.String(subject)))
	if rest, ok := strings.CutPrefix(subject, "["); ok { // "[EXT] Automatic reply: x"
		if _, rest, ok = strings.Cut(rest, "]"); ok {
			subject = strings.TrimSpace(rest)
		}
	}
	follows := func(marks string) func(string) bool {
		return func(words string) bool {
			rest, ok := strings.CutPrefix(subject, words)
			rest = strings.TrimLeft(rest, " \u00a0")
			return ok &&
				(rest == "" && marks != colons || rest != "" && strings.ContainsRune(marks, []rune(rest)[0]) || marks != colons && strings.HasPrefix(rest, "re:"))
		}
	}
	return slices.ContainsFunc(awayWords, follows(colons+";,.!()[]|–—-【】（）'\"«»")) ||
		slices.ContainsFunc(weakAwayWords, follows(colons))
}

const colons = ":："
