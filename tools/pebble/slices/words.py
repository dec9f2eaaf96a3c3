"""The closed word lists that pebble knows."""

NAMES = ("Alice Ben Carla David Emma Felix Grace Hugo Irene Jack Kate Leo Maria Nina Oscar Paul "
         "Rosa Sam Tina Victor Wendy Yara Zoe Anton Bella Dora Erik Gina Ivan Julia Karl Lena").split()
CITIES = ("Oslo Paris Rome Berlin Madrid London Tokyo Athens Lisbon Vienna Prague Dublin Cairo Delhi "
          "Lima Quito Sydney Boston Chicago Denver Toronto Moscow Helsinki Warsaw").split()
JOBS = "nurse teacher farmer pilot baker doctor lawyer driver painter writer".split()
COLOURS = "red blue green yellow black white brown orange pink grey".split()
ANIMALS = "fox bear rabbit owl mouse wolf duck frog cat dog horse turtle".split()
PLACES = "forest village mountain river garden castle island valley meadow harbour".split()
OBJECTS = "key lamp map coin ring book bell rope box stone".split()
FRUIT = "apple pear plum lemon cherry mango peach grape melon fig".split()
WORDS = (COLOURS + ANIMALS + PLACES + OBJECTS + FRUIT +
         "sun moon star rain snow wind cloud storm sand leaf tree root seed grass bird fish "
         "boat train road bridge tower door wall roof window table chair clock paper pen cup plate "
         "knife fork spoon bread milk salt sugar honey cheese soup rice corn bean".split())
WORDS = list(dict.fromkeys(WORDS))
ITEMS = "apples books coins cards eggs pens cups stones".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
PERSONS = "neighbour boss friend teacher cousin doctor".split()
