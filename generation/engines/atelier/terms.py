"""The closed word classes of the reader: times, weathers, places, colours, relations, styles and words without a picture.

Phrases are written as the reader sees them: lower case, no accents, no punctuation, one blank between words.
"""

from __future__ import annotations


def bag(words: str) -> frozenset[str]:
    """The set of the words of a text."""
    return frozenset(words.split())


TIMES: dict[str, str] = {
    "night": "night nighttime nightfall midnight nocturnal evening_stars moonlit moonlight starry starlit starlight",
    "sunset": "sunset sundown golden_hour evening sunsets setting_sun afterglow",
    "dusk": "dusk twilight blue_hour gloaming",
    "dawn": "dawn sunrise daybreak morning early_morning first_light sunup",
    "day": "day daytime noon midday afternoon daylight sunny sunlit sunshine bright_day sunlight",
}
WEATHERS: dict[str, str] = {
    "storm": "storm stormy thunderstorm thunder tempest hurricane lightning_storm",
    "rain": "rain rainy raining drizzle downpour rainfall monsoon",
    "snow": "snow snowy snowing snowfall blizzard snowstorm snowflakes",
    "fog": "fog foggy mist misty haze hazy",
    "clouds": "cloudy overcast",
    "aurora": "aurora northern_lights aurora_borealis",
}
SEASONS: dict[str, str] = {
    "autumn": "autumn autumnal october november",
    "winter": "winter wintry frozen icy frosty christmas december",
    "spring": "spring springtime april",
    "summer": "summer summertime july august",
}
TONES: dict[str, str] = {
    "spooky": "spooky haunted scary creepy eerie halloween gloomy dark sinister",
    "dreamy": "dreamy dreamlike surreal magical magic enchanted fantasy pastel soft whimsical fairytale fairy_tale ethereal",
    "neon": "neon cyberpunk vaporwave synthwave futuristic glowing",
    "warm": "cozy cosy warm",
}
SETTINGS: dict[str, str] = {
    "forest": "forest wood woods woodland woodlands jungle rainforest grove bamboo_forest pine_forest thicket",
    "sea": "sea ocean seaside beach coast shore seashore coastline bay harbor harbour waves waves_of_the_sea surf island_sea "
    "high_seas open_water open_sea lagoon",
    "lake": "lake river pond riverbank lakeside stream riverside creek water waterfall marsh swamp wetland",
    "desert": "desert dunes sand_dunes dune sahara savanna savannah canyon mars",
    "city": "city town street downtown skyline cityscape urban metropolis avenue alley new_york tokyo paris london road highway "
    "city_street rooftop rooftops",
    "mountains": "mountain mountains alps himalayas peak peaks mountaintop mountain_top cliff cliffs highlands valley mountain_range "
    "mount_fuji summit",
    "space": "space outer_space galaxy cosmos universe nebula milky_way deep_space orbit cosmic interstellar",
    "lunar": "lunar moonscape surface_of_the_moon lunar_surface moon_surface",
    "underwater": "underwater under_water undersea under_the_sea under_the_ocean under_the_water bottom_of_the_sea "
    "bottom_of_the_ocean reef coral_reef seabed deep_sea ocean_floor sea_floor aquarium beneath_the_sea beneath_the_waves "
    "under_the_waves below_the_sea below_the_waves beneath_the_ocean",
    "meadow": "meadow field fields garden park farm grass lawn grassland countryside pasture prairie orchard vineyard hill hills "
    "hillside hilltop village flower_field backyard farmland rolling_hills",
    "room": "room indoors kitchen bedroom living_room library interior studio office_room cafe_table classroom inside_a_room dining_room "
    "still_life attic fireplace window windowsill",
    "sky": "sky in_the_clouds above_the_clouds among_the_clouds over_the_clouds through_the_clouds in_the_sky in_the_air skies",
    "snowfield": "arctic antarctic antarctica north_pole south_pole tundra glacier iceberg ice_floe snowfield snow_field ice",
}
COLOURS: dict[str, str] = {
    "red": "#e5383b", "crimson": "#c1121f", "scarlet": "#e5242b", "orange": "#f5821f", "amber": "#f5a11f", "yellow": "#fbd134",
    "gold": "#e8b322", "golden": "#e8b322", "green": "#3fa34d", "emerald": "#1f9e6a", "lime": "#9bd431", "teal": "#1c8f8f",
    "turquoise": "#2fc4c0", "cyan": "#33c8e8", "blue": "#2f7de1", "azure": "#3d9bea", "navy": "#23386f", "indigo": "#4440a8",
    "purple": "#8145c0", "violet": "#7d4fd0", "lavender": "#b39ddb", "lilac": "#c3a5df", "magenta": "#d6339a", "pink": "#f582b4",
    "brown": "#8a5a3b", "tan": "#c8a27a", "beige": "#dcc9a3", "black": "#33323c", "white": "#f5f3f0", "grey": "#9a9aa2",
    "gray": "#9a9aa2", "silver": "#bfc4cc", "bronze": "#b0763b", "copper": "#c06f3e", "ginger": "#e8883a",
}  # fmt: skip
RELATIONS: dict[str, str] = {
    "on": "on on_top_of atop upon onto sitting_on standing_on sits_on stands_on perched_on resting_on sleeping_on lying_on",
    "riding": "riding rides ride riding_on driving drives steering mounted_on",
    "under": "under beneath below underneath sitting_under sleeping_under",
    "behind": "behind hiding_behind in_back_of",
    "before": "in_front_of before",
    "above": "above over flying_over hovering_over floating_above flying_above hovering_above jumping_over jumps_over soaring_over "
    "floating_over leaping_over",
    "with": "with",
    "near": "next_to beside by near alongside close_to meeting talking_to playing_with looking_at watching facing between among "
    "around hugging kissing fighting at and_its greeting feeding reading playing eating painting drinking using admiring",
    "in": "in inside within inside_of into sitting_in sits_in standing_in hiding_in floating_in",
    "wearing": "wearing wears dressed_in",
    "holding": "holding holds carrying carries waving",
    "chasing": "chasing chases following follows running_after",
}
COUNTS: dict[str, int] = {
    "one": 1, "single": 1, "lone": 1, "two": 2, "both": 2, "pair": 2, "couple": 2, "three": 3, "trio": 3, "few": 3, "four": 4,
    "several": 4, "some": 3, "five": 5, "six": 6, "seven": 7, "many": 7, "lots": 7, "countless": 9, "dozens": 12, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000, "half_dozen": 6,
    "half_a_dozen": 6, "a_few": 3, "a_couple": 2, "a_pair": 2, "a_dozen": 12, "a_lot": 7, "flock": 6, "herd": 5, "pack": 5,
    "swarm": 7, "school": 6, "group": 4, "crowd": 7, "bunch": 5, "fleet": 5, "row": 4, "pile": 4, "family": 4, "pod": 4, "colony": 5,
}  # fmt: skip
STYLES: dict[str, str] = {
    "watercolour": "watercolour watercolor aquarelle water_colour water_color watercolours",
    "oil": "oil oils oil_painting oil_paint impasto rembrandt baroque renaissance",
    "van-gogh": "van_gogh vincent_van_gogh gogh post_impressionist",
    "impressionist": "impressionist impressionism monet claude_monet renoir",
    "mosaic": "mosaic tiles byzantine",
    "stained-glass": "stained_glass",
    "ink": "ink ink_wash sumi_e ink_drawing ink_painting",
    "sketch": "sketch pencil_drawing pencil_sketch drawing charcoal charcoal_drawing sketched",
    "woodcut": "woodcut linocut woodblock engraving etching ukiyo_e hokusai woodblock_print",
    "pop-art": "pop_art warhol andy_warhol lichtenstein comic comics comic_book",
    "expressionist": "expressionist expressionism munch edvard_munch fauvist fauvism matisse",
    "cubist": "cubist cubism picasso pablo_picasso braque",
    "pastel": "pastels chalk soft_pastel chalk_drawing pastel_drawing",
    "art-deco": "art_deco vintage retro poster vintage_poster travel_poster",
    "pixel": "pixel pixel_art pixelart 8_bit 16_bit voxel",
    "crayon": "crayon crayons childrens_drawing child_drawing coloured_pencil colored_pencil colouring",
    "flat": "flat vector flat_design vector_art minimalist minimal flat_vector icon clip_art",
}
NEGATIONS = frozenset({"no", "without", "not", "minus", "excluding", "never"})
DEFINITE = frozenset({"the", "its", "his", "her", "their", "this", "that", "these", "those", "my", "your", "our"})
INDEFINITE = frozenset({"a", "an", "another", "each", "every"})
LARGE = bag("big large huge giant enormous tall massive gigantic colossal great mighty")
SMALL = bag("small little tiny miniature mini wee baby")
ALOFT = bag("flying soaring hovering levitating flies floats floating")
# Words that are things or doings; after a subject, "to" or "can" they are doings.
VERBISH = bag(
    "fly flies watch watches duck rock rocks train trains ship ships drum fish ring rings bat bark plant plants fire park "
    "swallow star stars bow leaves leaf skate box boxes book books light rest drums fishes bear bears slide slides shell "
    "seal seals cook cooks guard guards judge judges pilot ice wood bank water wheel log table scroll fall spring hammer"
)
# Words of the prompt that ask for nothing one could draw; they are not reported as unread.
IDLE = bag(
    "a an the and or of to with for from as is are was be been being it its he she they them his her their this that these those there "
    "then than so but if while when where who which what how very really quite too also just only same other style styles picture image "
    "painting painted paint draw drawn photo photograph photography illustration art artwork artistic scene view portrait landscape "
    "background foreground rendering render rendered masterpiece beautiful cute lovely pretty nice epic detailed highly hd 4k 8k ultra "
    "high quality resolution best make please create generate show me i you we us my your our want would like can could will shall do does "
    "did has have having get gets full half empty old young new happy sad angry funny friendly brave lonely quiet calm peaceful serene wild "
    "colorful colourful vibrant vivid bright clear simple realistic abstract modern ancient classic traditional huge big large small little "
    "tiny giant enormous tall short long wide narrow deep high low fast slow red_hot hot cold cool fresh sweet tasty delicious round square "
    "left right top bottom middle center centre side front back up down out off away across through along toward towards against during "
    "after until since about into onto upon sitting standing running walking sleeping lying looking jumping dancing playing eating drinking "
    "reading flying swimming floating sailing singing climbing smiling resting hiding waiting working falling growing glowing shining rising "
    "setting drifting soaring sits stands runs walks sleeps lies looks jumps dances plays eats drinks reads flies swims floats sails sings "
    "climbs smiles rests hides waits works falls grows glows shines rises drifts soars fly run walk sleep jump dance play eat drink read swim "
    "float sail sing climb smile rest hide wait work fall grow shine rise drift soar light lights air time one way day lot lots thing things "
    "piece bit kind sort type part world life love hope dream dreams peace joy magic color colour colors colours shadow shadows reflection "
    "composition perspective wide_angle close closeup lighting cinematic dramatic mood atmosphere all both each every any some many much more "
    "most few several such own here now again once ever never always often still yet even next in on at by made filled covered surrounded "
    "inspired featuring called named shaped looking dark no without not van gogh vincent de la le el der die das und et y un une ein eine "
    "fluffy furry shiny wooden stone proud wise curious sleepy hungry tired busy noisy silent mysterious majestic elegant graceful cheerful playful"
)
PLURALS: dict[str, str] = {
    "mice": "mouse", "wolves": "wolf", "geese": "goose", "people": "people", "men": "man", "women": "woman", "children": "child",
    "leaves": "leaf", "loaves": "loaf", "oxen": "ox", "cacti": "cactus", "octopi": "octopus", "octopuses": "octopus", "elves": "elf",
    "calves": "cow", "policemen": "policeman", "firemen": "fireman", "snowmen": "snowman", "fishes": "fish", "knives": "knife",
    "fungi": "fungus", "cattle": "cattle", "shelves": "shelf", "werewolves": "werewolf", "swordfish": "swordfish", "dice": "die",
    "thieves": "thief", "ladies": "lady", "spacemen": "spaceman", "mermen": "merman", "businessmen": "businessman", "babies": "baby",
    "grandchildren": "child", "feet": "foot", "teeth": "tooth", "potatoes": "potato", "tomatoes": "tomato", "volcanoes": "volcano",
    "heroes": "hero", "superheroes": "superhero", "buses": "bus", "cookies": "cookie", "movies": "movie", "ponies": "pony",
    "zombies": "zombie", "selfies": "selfie", "pixies": "pixie", "pies": "pie", "brownies": "brownie", "shoes": "shoe", "canoes": "canoe",
}  # fmt: skip
ALWAYS_PLURAL = frozenset({"people", "cattle"})
UNCHANGED = bag(
    "sheep fish deer moose salmon trout tuna koi cod shrimp bison squid bus glasses spectacles swords octopus cactus hibiscus "
    "lotus rhinoceros platypus chess compass iris tennis walrus grass glass dress wings tyrannosaurus rex circus cyclops "
    "brontosaurus diplodocus brachiosaurus hippopotamus fungus albatross noodles spaghetti swiss books houses christmas skis"
)


def spread(table: dict[str, str]) -> dict[str, str]:
    """phrase → class, out of class → phrases ("_" stands for a blank)."""
    return {phrase.replace("_", " "): name for name, phrases in table.items() for phrase in phrases.split()}
