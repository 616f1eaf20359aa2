package password_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity/password"
)

// enough is the number of guesses that package identity requires.
const enough = 2e10

// known is what the attacker knows in these tests.
var known = []string{"anna.smith@rialto.example.net", "Żaneta", "O'Grzybowska-Müller", "tenantry"}

func TestCommonPasswordsAreEasyToGuessAndRandomOnesAreNot(t *testing.T) {
	for kind, list := range map[string]struct {
		hard      bool
		passwords []string
	}{
		"common passwords": {false, []string{
			"passwordpassword", "Password1234!", "letmeinletmein", "iloveyou2024", "Welcome12345", "Trustno1trustno1", "administrator", "changeme1234", "Summer2026!!",
		}},
		"words and names of no rarity": {false, []string{
			"michaeljordan", "Elizabeth1987", "charlie-charlie", "jennifer james", "monkeydragon1", "Football-2019", "liverpool1892", "johnmaryjamesbob",
		}},
		"signs for letters":  {false, []string{"P@ssw0rdP@ssw0rd", "P@$$w0rd1234", "1l0v3y0u1l0v3y0u", "qw3rtyqw3rty", "5unsh1ne2020", "7rus7no1trustno1"}},
		"accents on letters": {false, []string{"pässwördpässwörd", "ìlôvéÿou2024", "ｐａｓｓｗｏｒｄ１２３４"}},
		"backwards":          {false, []string{"drowssapdrowssap", "nomekop2000!", "DROWSSAP1234", "tenantryyrtnanet", "esrohnogard11"}},
		"repeats": {false, []string{
			"aaaaaaaaaaaa", "111111111111", "abcabcabcabc", "xk7xk7xk7xk7", "20012001200120", "AbcdabcdABCD", strings.Repeat("a", 1024), "penetrationpenetrationpenetration", "日日日日日日日日日日日日日", "ababababababab",
		}},
		"sequences": {false, []string{
			"abcdefghijklmnop", "123456789012", "zyxwvutsrqpo", "13579135791357", "98765432109876", "ABCDEFGHIJKL", "24682468 13579", "абвгдежзийклмн", "あぃいぅうぇえぉおか", "αβγδεζηθικλμ",
		}},
		"runs on the keyboard": {false, []string{
			"qwertyuiop12", "qwertyuiop123456", "asdfghjklzxcvbnm", "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "!QAZ@WSX#EDC", "poiuytrewqlkjhg", "QWERTYuiopASDF", "qwertzuiopyxcvbnm", "azertyuiop123", "!@#$%^&*()_+", "qazwsxedcrfv", "йцукенгшщзхъ", "ЙЦУКЕН123456", "фывапролджэ1", "ασδφγηξκλ123", "שדגכעיחלךף12",
		}},
		"dates": {false, []string{"31.12.1999!!", "19991231abcd", "12/24/1985 12", "anna19850412", "1984-1985-1986", "01-02-2003 AB"}},
		"the person, the address, the service": {false, []string{
			"tenantrytenantry", "Tenantry2026!", "annasmith2026", "anna.smith1234", "anna.smith@rialto.example.net", "SmithAnna!!99", "rialtorialto1", "Zaneta-Grzybowska", "ogrzybowskamüller", "grzybowska.muller", "Żaneta20261122", "akswobyzrg12", "73n4n7ry1234",
		}},
		"several unrelated words": {true, []string{
			"correcthorsebatterystaple", "correct horse battery staple", "seven quiet lighthouses 42", "Umbrella-gravel-tuesday", "ochre trombone pylon", "velvetharborcactusmoth", "vier blaue Dachziegel", "trois girafes bleues",
		}},
		"chance": {true, []string{
			"x7$kQ9!mZ2pW", "vqkzrmbtwplx", "fSxSSUOYyNqy", "T9u-kW2x-0vLq", "8f3kq0zt6wvbnr", "Zr#8pLq!w2Vt", "gnatzwrfvukq", "mJ4$wq9Xz!pT7v",
		}},
		"other scripts": {true, []string{
			"синяя черепаха поёт ночью", "高い山の上で猫が歌う青空", "سبعة مصابيح هادئة زرقاء", "פיל סגול רוקד בחורף", "이른아침파란고래의노래들", "čšžparníkdoljeg", "🐢🎺🌵🚀🧦🍋🔑🐳🎲🧭🪁🥁",
		}},
	} {
		for _, text := range list.passwords {
			if guesses := password.Guesses(text, known...); (guesses >= enough) != list.hard {
				t.Errorf("%s: %.40q takes %.2g guesses, want enough: %t", kind, text, guesses, list.hard)
			}
		}
	}
}

func TestKnownWordsAreEasyToGuess(t *testing.T) {
	const text = "Zborniško-pokal"
	if guesses := password.Guesses(text); guesses < enough {
		t.Errorf("without the name: %.2g guesses", guesses)
	}
	for _, name := range []string{"Zborniško Pokal", "zbornisko.pokal@example.com", "POKAL zborniško", "Zbornis\u030cko Pokal"} {
		if guesses := password.Guesses(text, name); guesses >= enough {
			t.Errorf("with the name %q: %.2g guesses", name, guesses)
		}
	}
}

func TestComposedAndDecomposedAccentsTakeTheSameGuesses(t *testing.T) {
	composed, apart := password.Guesses("sévérité-14"), password.Guesses("se\u0301ve\u0301rite\u0301-14")
	if composed != apart {
		t.Errorf("%.4g and %.4g guesses", composed, apart)
	}
}

func TestAnEmptyPasswordTakesOneGuess(t *testing.T) {
	if guesses := password.Guesses("", known...); guesses != 1 {
		t.Errorf("%v guesses", guesses)
	}
}
