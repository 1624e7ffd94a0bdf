import type { Patterns } from './suggest.js';

/** Words and phrases as managers see them, one of them each; a comma stands between them here. */
const each = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(',').map((phrase) => phrase.trim()));

/**
 * What suggests the themes that every organisation begins with: beginnings of words, `late.` for a whole word, `-can't wait` for what is
 * passed over. Compared without diacritics, so that some Latvian words are given whole: "lēti" (cheap) is not to be "lete" (counter),
 * "paka" (parcel) not "pakalpojums" (service), "tīrs" (clean) not "tirgus" (market). Managers edit all of it.
 */
export const STANDARD_THEMES: readonly { readonly key: string; readonly patterns: Patterns }[] = [
  {
    key: 'waiting',
    patterns: {
      en: each(
        'wait, queue, queuing, slow, delay, late., stood in line, standing in line, long line, the line was, the line is, took ages, takes ages, taking ages',
        'took forever, takes forever, took too long, takes too long, took so long, took very long, long time, too long to, far too long',
        'on hold, half an hour, an hour to, hours to, an hour before, minutes before, minutes to, quick, prompt, speedy, in no time, swift',
        "-can't wait, -cannot wait, -can not wait, -waiter, -waitress, -waitstaff, -wait staff, -late night, -slow cooked, -quick question",
        '-long time customer, -long time ago',
      ),
      lv: each(
        'gaidi, gaida, jāgaid, pagaid, nogaid, sagaidīt nevar, rinda., rindā, rindas., rindu., rindām, lēni, lēns., lēna., lēnā., lēnu, lēnas',
        'lēnāk, kavē, nokavē, aizkavē, ilgi., ilgāk, ilgs., ilga., ilgu., ilgstoš, ilgais, ilgo., pārāk ilg, stundām, pusstund, pusotr, veselu stundu',
        'ātri., ātra., ātrs., ātrāk, vilcin, nevar sagaidīt, nevarējām sagaidīt, nevarēju sagaidīt',
        '-gaidīšu nākamo, -negaidīt, -ilgi nedomā, -ilgu mūžu, -gaidīšanas svētk',
      ),
    },
  },
  {
    key: 'attitude',
    patterns: {
      en: each(
        'rude, unfriendly, friendly, impolite, polite, arrogan, ignor, shout, yell, attitude, disrespect, respectful, kind., kindly, kindness, kindest',
        'smil, courte, discourte, helpful, unhelpful, rolled her eyes, rolled his eyes, rolled their eyes, rolling her eyes, rolling his eyes, snapp',
        'dismiss, condescend, patronis, patroniz, grumpy, couldn’t be bothered, could not be bothered, not care, didn’t care, doesn’t care, don’t care',
        'hostile, aggressiv, pleasant, unpleasant, hospitab, hospitality, welcoming, warm welcome, felt welcome, unwelcome, caring, patient with, patience',
        'impatien, manners, greet, so nice, very nice, nice staff, nice people, was nice, were nice, lovely staff, lovely people, was lovely, were lovely, on their phone',
        'on her phone, on his phone, laughed at, sarcas, bored, like dirt, chatting, empath, sympath, attentive, cheerful, charming',
        '-kind of, -some kind, -any kind, -what kind, -this kind, -that kind, -every kind, -one of a kind, -weather was, -snapped a, -coffee was lovely, -food was lovely, -view was lovely',
      ),
      lv: each(
        'rupj, nelaipn, laipn, nepieklāj, pieklāj, augstprāt, ignor, kliedz, uzkliedz, attieksm, smaid, draudzīg, nedraudzīg, necien, cieņ, vienaldz',
        'iedomīg, neieinteres, nepatīkam, patīkam, atsaucīg, neatsaucīg, izpalīdzīg, neizpalīdzīg, sirsnīg, nejauk, jauka., jauki., jauks., jaukā, jaukie',
        'dusmīg, agresīv, ņirg, izsmēj, smējās par, pacietīg, nepacietīg, viesmīlīg, nesveicin, sasveicin, skarb, nicin, neieklaus, uzklaus, uzmanīg',
        'neuzmanīg, nelik par mani, nelika, sēdēja telefon, skatījās telefon, runāja pa telefon, īgn, ironisk, ironizē, gādīg, nekaunīg, bezkaunīg, mīļi., mīļa., snīp',
        '-uzmanīgi izlas, -jauks laiks, -jauka diena, -jauku dienu',
      ),
    },
  },
  {
    key: 'knowledge',
    patterns: {
      en: each(
        'did not know, didn’t know, does not know, doesn’t know, don’t know how, knew nothing, knows nothing, knew exactly, knows exactly, knew everything',
        'knew every, knows every, knew their, knows their, knew her, knew his, knows his, knows her, knew a lot, knew what, knowledg, wrong information',
        'wrong info, wrong advice, bad advice, good advice, great advice, advice, advised, wrong answer, different answer, contradict, explain, could not answer',
        'couldn’t answer, unable to answer, no answer to my question, answered all, answered every, competen, incompeten, unprofessional, professional',
        'untrained, trained, training, expert, misinform, misled, no clue, not a clue, clueless, no idea, confus, informed us, informed me, well informed',
        '-I had no idea, -I have no idea, -we had no idea, -gym training',
      ),
      lv: each(
        'nezina, nezināj, nezin., zināja., zināj, zinoš, nezinoš, zināšan, zina visu, nepareizu inform, nepareiza inform, nepareizi inform, aplamu inform',
        'maldin, kompeten, nekompeten, profesion, neprofesion, nevarēja paskaidro, nespēja paskaidro, nemācēj, neprat, prata., paskaidro, nepaskaidro',
        'izskaidro, neizskaidro, konsultē, konsultāc, padom, ieteic, nevarēja atbild, nespēja atbild, atbildēja uz vis, atbildēt uz jaut, pretrunīg, apmāc',
        'neapmāc, pieredz, nepieredz, sniedza inform, nesniedza inform, lietprat, speciālist, nav ne jausmas, nebija ne jausmas, nesaprot, nesaprata',
        '-nezinu, -laba pieredze, -slikta pieredze, -mana pieredze, -pieredze bija',
      ),
    },
  },
  {
    key: 'price',
    patterns: {
      en: each(
        'price, pricing, pricey, expensiv, overpric, cost., costs., costly, cheap, fee., fees., discount, rip off, ripoff, ripped off, value for money',
        'good value, poor value, great value, worth the money, worth every, worth it, afford, tariff, promo, special offer, bargain, euros for, euro for',
        'so much money, too much money, waste of money, too much for what, reasonably, loyalty card, coupon, voucher',
        '-priceless, -at any cost, -at all costs',
      ),
      lv: each(
        'cena., cenas., cenu., cenai., cenām., cenā., cenās., cenrā, pārcenoj, dārg, lēts., lēta., lētas., lētu., lētāk, lētāko, ļoti lēti, lēti un, par maksu',
        'maksa., maksas., cik maksā, atlaide, atlaides, atlaidi, atlaižu, akcij, izmaksas., izmaksāja, izmaksām, nesamērīg, naudas vērt, vērts naud',
        'vērta naud, šādu naudu, tādu naudu, par velti, eiro par, uzcenoj, sadārdz, kupon, dāvanu kart, lojalitāt, maka., kabat',
        '-dārgakmen, -dārgie kolēģi, -bez maksas., -atmaksa.',
      ),
    },
  },
  {
    key: 'product',
    patterns: {
      en: each(
        'broken, broke., defect, quality, faulty, out of stock, in stock, sold out, stale, was cold, were cold, cold food, cold coffee, cold soup, cold fries',
        'lukewarm, taste, tasty, tasting, delicious, flavour, flavor, did not work, didn’t work, doesn’t work, does not work, not working, stopped working',
        'damag, fell apart, falls apart, undercook, overcook, burnt, burned, raw., fresh, portion, menu, selection, assortment, range of, wide choice',
        'wrong size, the size, sizes, food., meal, dish, soup, good coffee, great coffee, excellent coffee, bad coffee, awful coffee, pizza, steak, product, leak, crack, scratch, expired, out of date',
        'past its date, rotten, spoil, mouldy, flimsy, malfunction, battery, wore out, ripped., torn., missing parts, missing button, wrong colour, wrong color',
        '-quality of service, -service quality, -quality of the service, -quality service, -dishwasher room, -crack of, -from scratch, -refresh, -dirty dish',
      ),
      lv: each(
        'bojāt, sabojā, bojāj, saplīs, saplēs, salūz, salauz, kvalit, nekvalit, defekt, nestrādāj, nestrādā., nedarboj, garšī, garšo, garša., garšas., garšu',
        'negarš, bezgarš, auksts., auksta., aukstu., aukstas., auksts ēd, remden, svaig, nesvaig, noliktav, izpārdot, nebija pieejam, nav pieejam, sortiment',
        'plaša izvēle, maza izvēle, liela izvēle, izvēle ir, izvēle bija, ēdien, zupa., zupu., kafija bija, kafija ir, porcij, derīguma, sapuv, puve, prece., preces.',
        'preci., preču., precēm, precei., produkt, izmēr, saskrāp, ieplaisā, plaisa., tecēja, caurs., caura., sadega, piededz, pārcept, neizcept, pica., steik',
        'ēdienkart, apģērb, šuve, izira., izjuka, trūka detaļ, trūkst detaļ, nolieto, akumulator, baterij',
        '-apkalpošanas kvalit, -servisa kvalit, -kvalitatīva apkalpo, -kvalitatīvu apkalpo, -nav pieejama nor, -auksta attieksm',
      ),
    },
  },
  {
    key: 'cleanliness',
    patterns: {
      en: each(
        'dirty, dirt., clean, unclean, filth, smell, stink, stank, stain, dust., dusty, hair in, a hair., cockroach, mould., mold., moldy, sticky, grubby',
        'grimy, greasy table, rubbish, trash, litter, overflowing, no soap, toilet paper, restroom, bathroom was, toilets were, toilet was, hygien, unhygien',
        'sanit, insanit, tidy, untidy, messy, crumbs, flies., mice., a mouse, spotless, unwashed, washed., wiped, not wiped, disgusting table',
        '-like dirt, -dry clean, -clean bill, -rubbish service, -hand sanitiser was offered',
      ),
      lv: each(
        'netīr, tīrs., tīra., tīras., tīru., tīrā., tīram, tīri un, tīrīb, tīrīt, tīrīg, notīr, iztīr, smird, smak., smaka, smako, ož., oda., traip, nosmērē',
        'putek, mats., mati., matu., tarakān, pelēj, sapelēj, peles., lipīg, lipa., lipīgs, tualet, higiēn, nehigiēn, sanitār, antisanitār, gruž, atkritum, nekārtīb',
        'sakopt, nesakopt, uzkopt, neuzkopt, sakārtot, mušas., drupat, nemazgāt, nenomazgā, nenotīr, spīd un laist, ziepju, ziepes, dubļ, netīrum, piesārņ',
        '-tīri labi, -tīri jauki, -tīri ok',
      ),
    },
  },
  {
    key: 'delivery',
    patterns: {
      en: each(
        'deliver, courier, parcel, shipment, shipping, shipped, package., packages., tracking, postman, post office, pickup point, dispatch, order arrived',
        'not arrived, never arrived, hasn’t arrived, did not arrive, didn’t arrive, not arrive, arrived broken, arrived damaged, arrived on time, arrived late',
        'left at the door, left outside, on the doorstep, wrong address, at the address, driver, was brought to, brought to our door',
        '-deliver on promises, -package deal, -package holiday, -bus driver, -taxi driver',
      ),
      lv: each(
        'piegād, nepiegād, kurjer, paciņ, sūtījum, nosūtī, atsūtī, neatsūtī, paka., paku., pakas., pakai., pakomāt, pastnieks, pastniec, pasta stacij, atved, neatved',
        'atvest, izsekošan, izsekot, sazvanīja un ieradās, nepareiza adres, uz nepareizu adres, pie durvīm, šofer, izsniegšanas punkt, pasūtījums nav pien, pienāca',
        'nepienāca, nav pienāc, saņēmu tikai, iepakoj',
      ),
    },
  },
  {
    key: 'billing',
    patterns: {
      en: each(
        'bill., bills., billed, billing, invoice, charged, charge., charges., refund, receipt, payment, overcharg, paid twice, pay twice, double charge',
        'card machine, card reader, terminal, direct debit, debited, money back, wrong amount, credit note, subscription, pay by card, paid by card',
        'take cards, accept cards, cash only, wrong change, my change, short changed, added twice, counted twice, scanned twice, deducted, taken from my account',
        '-in charge, -free of charge, -fit the bill, -bus terminal',
      ),
      lv: each(
        'rēķin, čeks., čeku., čekā., čeki., čeka., maksājum, iekasē, atmaks, pārmaks, norēķin, samaks, apmaks, maksāt ar, maksāt., naudu atpakaļ, atgrieza naudu',
        'atgriezt naudu, neatgrieza naudu, naudas atgrie, noskaitī, noņēma naud, nauda noņem, nauda noskait, norakstī, kvīt, terminā, ar karti, bankas kart, skaidr naud, skaidru naud, skaidrā naud',
        'atlikum, iesita divreiz, ieskaitīja divreiz, divreiz par, abonement, kases aparāt, izdeva mazāk, nepareizi izdeva, priekšapmaks',
        '-rēķinieties, -rēķināt ar, -jārēķinās, -nerēķin',
      ),
    },
  },
];
