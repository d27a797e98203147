"""Django settings. Only the environment differs between the demonstration and a service."""

from config.settings.apps import *
from config.settings.broker import *
from config.settings.database import *
from config.settings.language import *
from config.settings.mail import *
from config.settings.product import *
from config.settings.security import *
from config.settings.storage import *
