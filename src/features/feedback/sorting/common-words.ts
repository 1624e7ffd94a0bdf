const setOf = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(' ').split(' '));

/** What sentences are made of, folded, English and Latvian: never a name by themselves. */
export const FUNCTION_WORDS: ReadonlySet<string> = setOf(
  // Shared accounts are called so, and customers mean the place.
  'admin bar cafe counter desk front hotel info kitchen office reception restaurant room sales service shop store support team administracija apkalposana',
  'birojs birojam biroja dienests kase kases kasei klientu komanda recepcija recepcijas recepcijai serviss veikals veikala veikalam viesnica viesnicas virtuve',
  'a ab abi ad ah ai all am an and any ap ar ara are art as at ata atra be bet bez bija bij bills but by can ceru der did do dot dear ej en es et ez',
  'for from gan go good great had hai has he hello her here hey hi him his how i if ik ilgi ilgs in ir is it ja jau jo ka kad kas kur la lab laba labi',
  'labs lai lasi lieli loti man mani mans me mes mums my nav ne nee nevar no noteikti not now of oh ok old on or our out pa par pasta pat pateicos paldies',
  'pats pati pec pie please pret sad sak saku se she sis so sorry staff sveiki ta tad taja tapat tas te thank thanks that the their them then there they',
  'this to ton tu tur un up us va vai vairs var very vienmer viens vina vini vins vis viss visi was we were what when where who why with yes you your',
);

/**
 * Those, and words that are names as well. Such a word alone is taken for a name only where something speaks for it, and never
 * without a manager's look.
 */
export const COMMON: ReadonlySet<string> = setOf(
  ...FUNCTION_WORDS,
  'boss cashier clerk client colleague customer doctor driver employee guard guest host nurse owner person test user visitor worker',
  // English words that people are called by.
  'amber angel apple april ash august austin autumn bacon baker ball bank banks baron basil bass bath bean beer bell berry best big bill bird bishop black',
  'blue bob bond booth brook brooks brown bull bush butler candy carol carter case cash chance charity chase cherry chip christian chuck church clay cliff',
  'cook cookie cooper crane cross cruz crystal cup daisy dale darling dawn day dean destiny don dove drake drew duke earl early east eve fair faith',
  'field finch fisher flower foot ford forest fox frank french gene german gem ginger glass glen grace grant gray green grey guy hale hall ham hand happy',
  'harmony hart hawk hazel head heath heather hill holland holly honey honor hope house hunter india iris ivy jack jade jay jewel jordan joy july june',
  'justice ken key king kitty knight lake lamb lance lane laurel lee liberty light lily little london long love lovely major march marina mark mars marsh',
  'mason max may melody mercy merit mike miles miller misty monday moody moon myrtle nick noble noon north olive page park parker parks pat patience peach',
  'pearl penny pepper pierce piper plum poppy porter potter power powers price prince queen quick rain ray red reed rice rich river rivers rob robin room',
  'rooms rose rosemary rowan roy ruby rush rusty sage sally sam scarlet self sharp shepherd short sky skip small smith snow south speed spring star stone',
  'storm story strong sue summer sunday sunny swan sweet swift taylor terry tony trinity troy tucker turner van victoria violet virginia virtue wade',
  'walker wall wallace walls ward waters weeks wells west white will winter wise wolf wood woods wren young',
  // Latvian ones, as they stand in a sentence.
  'abele abols aboli abolins akmens alda alna apse aprilis aprili apini asaris augusta augusts augusti auns ausma austrums auzas bals balodis',
  'baloza balozi baltais balts balta barons berza berzi berzs biete bites briedis brieza brivs brinums cela celms cels cirulis dace daina daine dainis',
  'daiga darzs darza debess diena dienas drosma dzelme dzenis dzerve dziesma dzintars dzintara dzintra egle egles eglite ezers ezera gaida gaidis gailis',
  'gaisa gaisma gata grauds gulbis guna guns ieva ievas ilga ilgas irbe irma jautra jera jura juras julija julijs junijs kalejs',
  'kaleja kalns kalna kalni kalva karalis karlis karogs kaza klava klavas koks koka krasts krasta kronis krums kruma kungs kunga kundze lacis laca',
  'laima laimas laime laimes lapa lapas lapsa lauks lauka lauma liega liepa liepas liesma liga ligas lilija lode maija maijs maiga maize mare marta marts martu',
  'mednieks melders melnais melns melna mezs meza miers miera miezis mirdza modra modris muiza niedra oga ogas oktobris osis ozols ozola ozoli pavasaris',
  'pele pile pils pilsetnieks plava podnieks priede princis puke pukite purvs putns putna putni raita raits rasa rasas rasma rats rita ritas rits rota rotas',
  'roze rozes rudens rudzi rugajs ruta sala salna sanda santa sapnis sarma saule saules silava sils sirds skaidra skaidrite skuja slava smaida smaids sniega',
  'sniedze spodra stars stara strazds svece teika tilts tirgus ubele udens upe upes upite usne vakara vakars valda valdis vanaga vanags vasara vards varda',
  'veja vejs velga velta vesma vija vilks vilka vilna vilnis virsa vista vita vitols vizma zakis zaka zane zars zara zeme zemes zenta ziedonis zieds',
  'zieda ziedi ziedu ziema ziemelis zilite zirnis zose zvaigzne zvejnieks zvirbulis zelta',
);

/** Of those, months: after such words they are no name. */
export const MONTHS: ReadonlySet<string> = setOf(
  'january february march april may june july august maija julija junija augusta marta aprili',
);
export const BEFORE_MONTHS: ReadonlySet<string> = setOf(
  'in on since last next this during by until till of early late mid every from through kops lidz',
);

/** What follows a name that begins a sentence, and seldom another word: "Will was rude", "Roze apkalpoja". */
export const AFTER_NAMES: ReadonlySet<string> = setOf(
  'was wasn were is isn has had did didn does doesn said told helped served gave made took came went asked answered ignored refused smiled explained treated',
  'deserves spoke talked shouted kept bija nebija ir nav apkalpoja neapkalpoja palidzeja nepalidzeja izturejas runaja teica pateica atteicas smaidija',
  'paskaidroja ignoreja atbildeja neatbildeja deva iedeva strada kliedza sanema izdarija atrada atnesa loti',
);

/** What stands before a surname. */
export const TITLES: ReadonlySet<string> = setOf(
  'mr mrs ms miss mister dr sir madam lady waiter waitress manager cashier receptionist barista chef the by from with to and',
  'kungs kundze kungam kundzei kungu kundzi oficiants oficiante vaditajs vaditaja administrators administratore pardevejs pardeveja no ar un pie par',
);
