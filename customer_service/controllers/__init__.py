from . import google_translate, portal, reply
