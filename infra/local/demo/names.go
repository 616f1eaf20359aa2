package demo

import "fmt"

// The languages of the estate.
const (
	english   = "en"
	german    = "de"
	french    = "fr"
	spanish   = "es"
	italian   = "it"
	danish    = "da"
	polish    = "pl"
	croatian  = "hr"
	greek     = "el"
	ukrainian = "uk"
	hebrew    = "he"
	arabic    = "ar"
	hindi     = "hi"
	japanese  = "ja"
	chinese   = "zh"
)

// person is a name, and the local part of the address that goes with it.
type person struct{ first, last, local string }

// written is a part of a name in its script, and as an address has it.
type written struct{ text, ascii string }

// pool holds the first and last names of a language. Every first name goes with every last name.
type pool struct{ first, last []written }

// newPerson returns the next person of a language; nobody comes twice before all have come.
func (b *builder) newPerson(language string) person {
	names := pools()[language]
	number := b.names[language]
	b.names[language]++
	first := names.first[number%len(names.first)]
	last := names.last[(number+number/len(names.first))%len(names.last)]
	local := first.ascii + "." + last.ascii
	if round := number / (len(names.first) * len(names.last)); round > 0 {
		local = fmt.Sprint(local, round+1)
	}
	return person{first: first.text, last: last.text, local: local}
}

// pools returns the names by language. The numbers of first and last names of a language are equal.
func pools() map[string]pool {
	return map[string]pool{
		english: {
			[]written{{"Amelia", "amelia"}, {"Desmond", "desmond"}, {"Siobhán", "siobhan"}, {"Kwame", "kwame"}},
			[]written{{"Hartley", "hartley"}, {"O’Rourke", "orourke"}, {"Okonkwo", "okonkwo"}, {"Fairweather", "fairweather"}},
		},
		german: {
			[]written{{"Jörg", "joerg"}, {"Käthe", "kaethe"}, {"Lukas", "lukas"}, {"Annegret", "annegret"}},
			[]written{{"Müller-Groß", "mueller-gross"}, {"Schäfer", "schaefer"}, {"Weiß", "weiss"}, {"Brandt", "brandt"}},
		},
		french: {
			[]written{{"Hélène", "helene"}, {"Loïc", "loic"}, {"Aurélie", "aurelie"}, {"François", "francois"}},
			[]written{{"Dubœuf", "duboeuf"}, {"Garçon", "garcon"}, {"Lemaître", "lemaitre"}, {"Périgord", "perigord"}},
		},
		spanish: {
			[]written{{"Íñigo", "inigo"}, {"María José", "mariajose"}, {"Andrés", "andres"}, {"Begoña", "begona"}},
			[]written{{"Núñez", "nunez"}, {"Ibáñez", "ibanez"}, {"Güell", "guell"}, {"Peñalver", "penalver"}},
		},
		italian: {
			[]written{{"Carla", "carla"}, {"Niccolò", "niccolo"}, {"Davide", "davide"}, {"Noemi", "noemi"}},
			[]written{{"Conti", "conti"}, {"Cantù", "cantu"}, {"D’Angelo", "dangelo"}, {"Forlì", "forli"}},
		},
		danish: {
			[]written{{"Jørgen", "joergen"}, {"Åse", "aase"}, {"Mikkel", "mikkel"}, {"Sørine", "soerine"}},
			[]written{{"Østergård", "oestergaard"}, {"Kjær", "kjaer"}, {"Bøgh", "boegh"}, {"Lindqvist", "lindqvist"}},
		},
		polish: {
			[]written{{"Łukasz", "lukasz"}, {"Małgorzata", "malgorzata"}, {"Wojciech", "wojciech"}, {"Żaneta", "zaneta"}},
			[]written{{"Wiśniewski", "wisniewski"}, {"Dąbek", "dabek"}, {"Źrebiec", "zrebiec"}, {"Gołąb", "golab"}},
		},
		croatian: {
			[]written{{"Željko", "zeljko"}, {"Đurđica", "djurdjica"}, {"Hrvoje", "hrvoje"}, {"Snježana", "snjezana"}},
			[]written{{"Horvat", "horvat"}, {"Šarić", "saric"}, {"Čop", "cop"}, {"Kovačević", "kovacevic"}},
		},
		greek: {
			[]written{{"Ελένη", "eleni"}, {"Γιώργος", "giorgos"}, {"Κατερίνα", "katerina"}, {"Θανάσης", "thanasis"}},
			[]written{{"Παπαδάκη", "papadaki"}, {"Νικολαΐδης", "nikolaidis"}, {"Βλάχου", "vlachou"}, {"Καραγιάννης", "karagiannis"}},
		},
		ukrainian: {
			[]written{{"Олена", "olena"}, {"Андрій", "andrii"}, {"Юлія", "yuliia"}, {"Євген", "yevhen"}},
			[]written{{"Шевчук", "shevchuk"}, {"Ґудзь", "gudz"}, {"Коваленко", "kovalenko"}, {"Їжакевич", "yizhakevych"}},
		},
		hebrew: {
			[]written{{"נועה", "noa"}, {"איתן", "eitan"}, {"תמר", "tamar"}, {"יובל", "yuval"}},
			[]written{{"לוי", "levi"}, {"אברהמי", "avrahami"}, {"שפירא", "shapira"}, {"בן־דוד", "ben-david"}},
		},
		arabic: {
			[]written{{"ليلى", "layla"}, {"عمر", "omar"}, {"فاطمة", "fatima"}, {"يوسف", "yousef"}},
			[]written{{"الحداد", "alhaddad"}, {"منصور", "mansour"}, {"العطار", "alattar"}, {"خوري", "khoury"}},
		},
		hindi: {
			[]written{{"अनन्या", "ananya"}, {"रोहित", "rohit"}, {"मीरा", "meera"}, {"विक्रम", "vikram"}},
			[]written{{"शर्मा", "sharma"}, {"पटेल", "patel"}, {"बनर्जी", "banerjee"}, {"द्विवेदी", "dwivedi"}},
		},
		japanese: {
			[]written{{"花子", "hanako"}, {"健一", "kenichi"}, {"さくら", "sakura"}, {"大輔", "daisuke"}},
			[]written{{"山田", "yamada"}, {"佐々木", "sasaki"}, {"髙橋", "takahashi"}, {"小川", "ogawa"}},
		},
		chinese: {
			[]written{{"小明", "xiaoming"}, {"丽华", "lihua"}, {"志强", "zhiqiang"}, {"雪梅", "xuemei"}},
			[]written{{"王", "wang"}, {"欧阳", "ouyang"}, {"陈", "chen"}, {"刘", "liu"}},
		},
	}
}
