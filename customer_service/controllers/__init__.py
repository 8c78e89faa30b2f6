from . import call, google_translate, portal, reply
